import { type GoStringer, type GoType, typeOf, withType } from '../values.ts';

/** Texts that a template vouches for (html/template/content.go). */
const HTML: GoType = { name: 'template.HTML' };
const URL_TEXT: GoType = { name: 'template.URL' };

const safe = (text: string, type: GoType): GoStringer => withType({ goString: () => text }, type);

/** A text that is markup: it is written as it is. */
export const safeHtml = (text: string): GoStringer => safe(text, HTML);
/** A text that is an address of whatever scheme. */
export const safeUrl = (text: string): GoStringer => safe(text, URL_TEXT);

export const isSafeHtml = (value: unknown): boolean => typeOf(value) === HTML;
export const isSafeUrl = (value: unknown): boolean => typeOf(value) === URL_TEXT;
