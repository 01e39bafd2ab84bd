/**
 * Finds what makes a page hard to use without sight, pointer or a wide screen; one sentence a finding. Runs inside
 * the browser, so that it may use nothing from outside its own body.
 */
export function auditPage(): string[] {
  const LEAST_CONTRAST = 4.5;
  const findings: string[] = [];
  const name = (element: Element): string =>
    `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> "${(element.textContent ?? '').slice(0, 40)}"`;

  if (!document.documentElement.lang) findings.push('the document states no language');
  if (!document.title) findings.push('the page has no title');
  if (document.querySelectorAll('h1').length !== 1) findings.push('there is not exactly one h1');
  if (document.querySelectorAll('main').length !== 1) findings.push('there is not exactly one main landmark');

  for (const element of document.querySelectorAll('a, button, summary, input, [role="img"]')) {
    const labels = (element as HTMLInputElement).labels;
    const text = element.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element.textContent ?? '';
    if (text.trim() === '') findings.push(`has no name: ${element.outerHTML.slice(0, 120)}`);
  }
  for (const image of document.querySelectorAll('img')) {
    if (!image.hasAttribute('alt')) findings.push(`has no alternative text: ${image.outerHTML}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  for (const id of new Set(ids.filter((candidate, place) => ids.indexOf(candidate) !== place))) {
    findings.push(`the id ${id} stands twice`);
  }
  for (const attribute of ['aria-labelledby', 'aria-describedby']) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      const id = element.getAttribute(attribute) ?? '';
      if (!document.getElementById(id)) findings.push(`${attribute} of ${name(element)} leads nowhere`);
    }
  }

  const painter = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!painter) return [...findings, 'no canvas to read colours with'];
  painter.canvas.width = 1;
  painter.canvas.height = 1;
  /** The colours laid over white in turn, as red, green and blue. */
  const blend = (colours: string[]): number[] => {
    painter.clearRect(0, 0, 1, 1);
    for (const colour of ['white', ...colours]) {
      painter.fillStyle = colour;
      painter.fillRect(0, 0, 1, 1);
    }
    return [...painter.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const luminance = (rgb: number[]): number => {
    const [red, green, blue] = rgb.map(channel => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim()) continue;
    if (element.closest('.visually-hidden, .skip, noscript, script, style')) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const grounds: string[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      grounds.unshift(getComputedStyle(at).backgroundColor);
    }
    const ink = luminance(blend([...grounds, getComputedStyle(element).color]));
    const ground = luminance(blend(grounds));
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    if (contrast < LEAST_CONTRAST) findings.push(`contrast ${contrast.toFixed(2)}: ${name(element)}`);
  }

  const excess = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (excess > 0) findings.push(`the page is ${excess} px wider than the screen`);
  return findings;
}
