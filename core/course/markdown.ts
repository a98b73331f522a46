// Markdown of a lab's texts to HTML: formulas as TeX between $…$ or $$…$$ become MathML, which needs neither fonts nor scripts. What is
// not Markdown, such as raw HTML, is shown as text; nothing is loaded.

import { Marked, type Token, type Tokens } from 'marked';
import temml from 'temml';

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

interface Formula extends Tokens.Generic {
  readonly tex: string;
  readonly display: boolean;
}

/** A dollar that opens a formula is not followed by a space, one that closes it is not followed by a digit; `\$` is a dollar. */
const INLINE = /^\$(?!\s)((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)/;
const BLOCK = /^\$\$\s*([^$]+?)\s*\$\$(?:\n|$)/;

/** The formula as MathML. @throws Error if it is not TeX */
export function formula(tex: string, display: boolean): string {
  return temml.renderToString(tex, { displayMode: display, throwOnError: true, annotate: false });
}

function formulaOrText({ tex, display }: Formula): string {
  try {
    return formula(tex, display);
  } catch {
    return `<code class="wrong-formula">${escaped(tex)}</code>`;
  }
}

const markdown = new Marked({
  gfm: true,
  extensions: [
    {
      name: 'block-formula',
      level: 'block',
      start: (text: string) => text.indexOf('$$'),
      tokenizer: (text: string) => {
        const found = BLOCK.exec(text);
        return found === null ? undefined : { type: 'block-formula', raw: found[0], tex: found[1]!, display: true };
      },
      renderer: (token) => `<div class="formula">${formulaOrText(token as Formula)}</div>\n`,
    },
    {
      name: 'formula',
      level: 'inline',
      start: (text: string) => text.indexOf('$'),
      tokenizer: (text: string) => {
        const found = INLINE.exec(text);
        return found === null ? undefined : { type: 'formula', raw: found[0], tex: found[1]!, display: false };
      },
      renderer: (token) => formulaOrText(token as Formula),
    },
  ],
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text }) => escaped(text),
    link({ href, tokens }) {
      const inside = this.parser.parseInline(tokens);
      return /^https?:\/\//.test(href) ? `<a href="${escaped(href)}" rel="noreferrer">${inside}</a>` : inside;
    },
  },
});

/** Blocks of Markdown as HTML. */
export function htmlOf(text: string): string {
  return markdown.parse(text, { async: false });
}

/** One paragraph or less as HTML without a paragraph around it. */
export function inlineHtmlOf(text: string): string {
  return markdown.parseInline(text, { async: false });
}

/** The parts that Markdown consists of, formulas among them; for those who set it otherwise than in HTML. */
export function tokensOf(text: string): readonly Token[] {
  return markdown.lexer(text);
}

/** Formulas that are not TeX, with what is wrong. */
export function wrongFormulas(text: string): { readonly tex: string; readonly reason: string }[] {
  const wrong: { tex: string; reason: string }[] = [];
  void markdown.walkTokens(markdown.lexer(text), (token) => {
    if (token.type !== 'formula' && token.type !== 'block-formula') return;
    const { tex, display } = token as Formula;
    try {
      formula(tex, display);
    } catch (error) {
      wrong.push({ tex, reason: error instanceof Error ? error.message.split('\n')[0]! : String(error) });
    }
  });
  return wrong;
}
