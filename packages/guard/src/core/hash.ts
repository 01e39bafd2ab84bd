const encoder = new TextEncoder();
const digestBytes = Buffer.alloc(8);

const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
/** The prime is 2^40 + this. */
const PRIME_LOW = 0x1b3;
const TWO_32 = 2 ** 32;

/** FNV-1a, 64 bits, of UTF-8 texts and bytes one after the other. */
export class Fnv1a64 {
  #high = OFFSET_HIGH;
  #low = OFFSET_LOW;

  add(text: string): void {
    let high = this.#high;
    let low = this.#low;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) {
        this.#high = high;
        this.#low = low;
        for (const byte of encoder.encode(text.slice(i))) this.addByte(byte);
        return;
      }
      const mixed = low ^ unit;
      const product = (mixed >>> 0) * PRIME_LOW;
      high = (Math.imul(high, PRIME_LOW) + (mixed << 8) + Math.floor(product / TWO_32)) | 0;
      low = product >>> 0;
    }
    this.#high = high;
    this.#low = low;
  }

  addByte(byte: number): void {
    const mixed = this.#low ^ byte;
    const product = (mixed >>> 0) * PRIME_LOW;
    this.#high = (Math.imul(this.#high, PRIME_LOW) + (mixed << 8) + Math.floor(product / TWO_32)) | 0;
    this.#low = product >>> 0;
  }

  /** 16 lower-case hexadecimal digits. */
  digest(): string {
    digestBytes.writeUInt32BE(this.#high >>> 0, 0);
    digestBytes.writeUInt32BE(this.#low, 4);
    return digestBytes.toString('hex');
  }
}

/** FNV-1a, 64 bits, of a text, as 16 lower-case hexadecimal digits. */
export function fnv1a64(text: string): string {
  const hash = new Fnv1a64();
  hash.add(text);
  return hash.digest();
}
