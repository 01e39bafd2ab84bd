import type { Cursor } from './cursor.ts';
import { MAX_HEIGHT, MAX_NESTING, tooDeep } from './depth.ts';
import type { Token } from './token.ts';

/** A sign binds as a product does, and to the left: `-a ^ b` is `-(a ^ b)`, `-a * b` is `(-a) * b`. */
export const SIGN_PRECEDENCE = 5;
/** The power alone associates to the right. */
export const POWER_PRECEDENCE = 6;

/** What an operator grammar is made of. */
export interface OperatorRules<T> {
  operand(): T;
  /** How tightly the binary operator ahead binds; 0 when none is ahead. */
  precedence(): number;
  /** Takes the operator ahead, with its modifiers; answers what joins its two sides. */
  operator(): (left: T, right: T) => T;
  sign(token: Token): (operand: T) => T;
}

interface Pending<T> {
  readonly precedence: number;
  reduce(operands: T[]): void;
}

/**
 * Parses operands, signs and operators by precedence, without recursion: chains may be long. `signs` have been read
 * already.
 */
export function parseOperators<T>(cursor: Cursor, rules: OperatorRules<T>, ...signs: Token[]): T {
  const operands: T[] = [];
  const pending = signs.map(sign => signOf(rules.sign(sign)));
  for (let length = 1; ; length++) {
    for (let sign = cursor.accept('+', '-'); sign; sign = cursor.accept('+', '-')) {
      pending.push(signOf(rules.sign(sign)));
      checkPending(cursor, pending.length);
    }
    if (length > MAX_HEIGHT) throw tooDeep(cursor.text, cursor.peek().start);
    operands.push(rules.operand());
    const precedence = rules.precedence();
    while (bindsTighter(pending.at(-1), precedence)) pending.pop()!.reduce(operands);
    if (precedence === 0) return operands[0]!;
    pending.push(binaryOf(precedence, rules.operator()));
    checkPending(cursor, pending.length);
  }
}

/** What is pending nests to the right. */
function checkPending(cursor: Cursor, count: number): void {
  if (count > MAX_NESTING) throw tooDeep(cursor.text, cursor.peek().start);
}

function bindsTighter<T>(earlier: Pending<T> | undefined, precedence: number): boolean {
  if (!earlier) return false;
  return precedence === POWER_PRECEDENCE ? earlier.precedence > precedence : earlier.precedence >= precedence;
}

const signOf = <T>(apply: (operand: T) => T): Pending<T> => ({
  precedence: SIGN_PRECEDENCE,
  reduce: operands => void operands.push(apply(operands.pop()!)),
});

const binaryOf = <T>(precedence: number, join: (left: T, right: T) => T): Pending<T> => ({
  precedence,
  reduce(operands) {
    const right = operands.pop()!;
    const left = operands.pop()!;
    operands.push(join(left, right));
  },
});
