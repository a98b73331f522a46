// Finds labs, guided labs and scenarios by a question as a person asks it (BM25+ by MiniSearch): words that say nothing are left out,
// words may be inflected, unfinished or mistyped, and names count more than descriptions.

import MiniSearch from 'minisearch';

/** Something that can be found. */
export interface Findable {
  readonly name: string;
  /** Names of what it is about. */
  readonly subjects: readonly string[];
  /** What it answers, or is to teach. */
  readonly question: string;
  readonly text: string;
}

const EMPTY = new Set(
  'a about an and are at be by can could do does did for from get give happen happens has have help helps how i if in instead is it its lab labs make makes me mean means my of off on one or see should show so tell than that the their them then there they this to use used versus vs want was we were what when where which who why will with work works would you'.split(
    ' ',
  ),
);
const BOOST = { name: 4, subjects: 3, question: 2, text: 1 };
/** Of the words of a question that say something, so many have to be there. */
const COVERED = 0.5;
/** Shorter words are matched only as they are, longer ones may go on (`tok`: `token`). */
const PREFIX_LETTERS = 3;
/** The share of a word's letters that may be wrong; none of three, as the names of the field have them (`IPI`, `UDP`). */
const MISTYPED = 0.15;

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The part that inflected forms share. */
function stemOf(word: string): string {
  if (word.length > 5) return word.replace(/(ies|ing|ed|es|s|e|y)$/, '');
  return word.length > 3 ? word.replace(/s$/, '') : word;
}

/** Words that say something; all of them if none does. */
function tellingWords(question: string): string[] {
  const words = wordsOf(question);
  const telling = words.filter((word) => !EMPTY.has(word));
  return telling.length > 0 ? telling : words;
}

export class SearchIndex<T> {
  private readonly index = new MiniSearch<Omit<Findable, 'subjects'> & { id: number; subjects: string }>({
    fields: Object.keys(BOOST),
    tokenize: wordsOf,
    processTerm: stemOf,
  });

  constructor(
    private readonly items: readonly T[],
    describe: (item: T) => Findable,
  ) {
    this.index.addAll(
      items.map((item, id) => {
        const findable = describe(item);
        return { ...findable, id, subjects: findable.subjects.join(', ') };
      }),
    );
  }

  /** Best first; empty for a question without words. */
  find(question: string): T[] {
    const words = new Set(tellingWords(question).map(stemOf));
    return this.index
      .search(question, {
        tokenize: tellingWords,
        boost: BOOST,
        prefix: (term) => term.length >= PREFIX_LETTERS,
        fuzzy: (term) => (term.length > PREFIX_LETTERS ? MISTYPED : false),
        filter: ({ queryTerms }) => queryTerms.length >= COVERED * words.size,
      })
      .map(({ id }) => this.items[id as number]!);
  }
}
