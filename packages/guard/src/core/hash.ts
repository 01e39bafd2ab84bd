const encoder = new TextEncoder();

/**
 * FNV-1a, 64 bits, of the concatenated UTF-8 parts, as 16 lower-case hexadecimal digits. The hash behind label
 * fingerprints (prometheus/common model.LabelSet.Fingerprint).
 */
export function fnv1a64(parts: Iterable<string | Uint8Array>): string {
  // The state is held in four 16-bit limbs, lowest first; the prime is 2^40 + 0x1b3.
  let a = 0x2325;
  let b = 0x8422;
  let c = 0x9ce4;
  let d = 0xcbf2;
  for (const part of parts) {
    const bytes = typeof part === 'string' && !isAscii(part) ? encoder.encode(part) : part;
    for (let i = 0; i < bytes.length; i++) {
      a ^= typeof bytes === 'string' ? bytes.charCodeAt(i) : bytes[i]!;
      const lowA = a * 0x1b3;
      const lowB = b * 0x1b3;
      const lowC = c * 0x1b3 + a * 0x100;
      const lowD = d * 0x1b3 + b * 0x100;
      a = lowA & 0xffff;
      const carryB = lowB + (lowA >>> 16);
      b = carryB & 0xffff;
      const carryC = lowC + (carryB >>> 16);
      c = carryC & 0xffff;
      d = (lowD + (carryC >>> 16)) & 0xffff;
    }
  }
  return [d, c, b, a].map(limb => limb.toString(16).padStart(4, '0')).join('');
}

/** Then its units are its bytes. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
