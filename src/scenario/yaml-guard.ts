/**
 * Looks over YAML before it is composed. The composer calls itself for every level of nesting and needs time for every
 * token, so a hostile file could exhaust the stack or the patience; the lexer does neither. Counting is all this does.
 */
import { Lexer } from 'yaml';

const MOST_TOKENS = 250_000;
const DEEPEST = 32;
/** indicators that open a level each when they stand in one line: `- - - x` */
const DEEPEST_IN_LINE = 8;

/** What is too much, and the offset where it became so; null when the text is of a size to be read. */
export function tooMuch(text: string): { what: string; offset: number } | null {
  const indents: number[] = [];
  let offset = 0;
  let tokens = 0;
  let flow = 0;
  let inLine = 0;
  let lineStart = true;
  let indent = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MOST_TOKENS) return { what: 'the file has too many parts to be a scenario', offset };
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (isNewline(token)) {
      inLine = 0;
      indent = 0;
      lineStart = true;
    } else if (/^[ \t]+$/.test(token)) {
      if (lineStart) indent = token.length;
    } else if (lineStart && flow === 0 && token[0] !== '#') {
      lineStart = false;
      while ((indents.at(-1) ?? -1) >= indent) indents.pop();
      indents.push(indent);
    }
    if (flow === 0 && (token === '-' || token === '?' || token === ':')) inLine++;
    if (flow > DEEPEST || inLine > DEEPEST_IN_LINE || indents.length > DEEPEST) {
      return { what: `this is nested more than ${DEEPEST} levels deep`, offset };
    }
    // the lexer's own marks stand for no text
    if (!/^[\x02\x18\x1f\ufeff]$/.test(token)) offset += token.length;
  }
  return null;
}

const isNewline = (token: string): boolean => token === '\n' || token === '\r\n';
