/** Letters whose title case is neither themselves nor their upper case (Unicode's digraphs). */
const DIGRAPHS: Readonly<Record<string, string>> = {
  ǆ: 'ǅ',
  Ǆ: 'ǅ',
  ǉ: 'ǈ',
  Ǉ: 'ǈ',
  ǌ: 'ǋ',
  Ǌ: 'ǋ',
  ǳ: 'ǲ',
  Ǳ: 'ǲ',
};

/** Go maps each character by itself: `ß` has no upper case, a final sigma is a sigma. */
const mapRunes = (text: string, map: (rune: string) => string) =>
  Array.from(text, rune => {
    const mapped = map(rune);
    return [...mapped].length === 1 ? mapped : (LONG[rune] ?? rune);
  }).join('');

/** Characters whose full mapping is longer than their simple one. */
const LONG: Readonly<Record<string, string>> = { İ: 'i', ᾳ: 'ᾼ', ῃ: 'ῌ', ῳ: 'ῼ' };

/** Go's strings.ToUpper. */
export const toUpper = (text: string): string => mapRunes(text, rune => rune.toUpperCase());
/** Go's strings.ToLower. */
export const toLower = (text: string): string => mapRunes(text, rune => rune.toLowerCase());

/** What goes on a word: letters that have no signs of their own for whole words, marks, digits, and what joins them. */
const WITHIN_WORD =
  /[\p{M}\p{Nd}\p{Pc}\p{Cf}]|(?![\p{Ideographic}\p{Script=Hira}\p{Script=Kana}\p{Script=Thai}\p{Script=Laoo}\p{Script=Khmr}\p{Script=Mymr}])\p{Alphabetic}/u;
/** What goes on a word when it stands alone between two letters (Unicode's MidLetter, MidNumLet and Single_Quote). */
const MIDDLE = /[.:'\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a]/;

/** The first letter of every word in title case, all else as it is (golang.org/x/text/cases/map.go, NoLower). */
export function toTitle(text: string): string {
  let isInWord = false;
  let wasMiddle = false;
  return Array.from(text, rune => {
    const isMiddle = MIDDLE.test(rune);
    if (wasMiddle && isMiddle) isInWord = false;
    wasMiddle = isMiddle;
    if (/\p{Cased}/u.test(rune)) {
      const shown = isInWord ? rune : (DIGRAPHS[rune] ?? toUpper(rune));
      isInWord = true;
      return shown;
    }
    if (!isMiddle && !WITHIN_WORD.test(rune)) isInWord = false;
    return rune;
  }).join('');
}
