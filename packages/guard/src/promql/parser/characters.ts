/** Tests of UTF-16 units. Names are ASCII outside quotes. */
export const isDigit = (unit: string): boolean => unit >= '0' && unit <= '9' && unit.length === 1;
export const isNameStart = (unit: string): boolean =>
  (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z') || unit === '_';
export const isAlphanumeric = (unit: string): boolean => isNameStart(unit) || isDigit(unit);
