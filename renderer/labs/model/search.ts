// Finds labs, guided labs and scenarios by a question as a person asks it: words that say nothing are left out, rare words count more
// than common ones, and names more than descriptions.

/** Something that can be found; earlier fields of its texts weigh more. */
export interface Findable {
  readonly name: string;
  /** Names of what it is about. */
  readonly subjects: readonly string[];
  readonly text: string;
}

const EMPTY = new Set(
  'a about an and are at be by can could do does did for from get give happen happens has have help helps how i if in is it its lab labs make makes me mean means my of off on one or see should show so tell than that the their them then there they this to use used want was we were what when where which who why will with work works would you'.split(
    ' ',
  ),
);
const WEIGHT = { name: 8, subject: 6, text: 1.5 };
const PHRASE = { name: 14, subject: 9 };
/** Of what the words of a question weigh together, so much has to be there. */
const COVERED = 0.5;

export function wordsOf(text: string): string[] {
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

interface Indexed<T> {
  readonly item: T;
  readonly name: readonly string[];
  readonly subject: readonly string[];
  readonly text: readonly string[];
  readonly findable: Findable;
}

export class SearchIndex<T> {
  private readonly all: readonly Indexed<T>[];

  constructor(items: readonly T[], describe: (item: T) => Findable) {
    this.all = items.map((item) => {
      const findable = describe(item);
      return {
        item,
        findable,
        name: wordsOf(findable.name),
        subject: wordsOf(findable.subjects.join(' ')),
        text: wordsOf(findable.text),
      };
    });
  }

  /** Best first; empty for a question without words. */
  find(question: string): T[] {
    const stems = [...new Set(tellingWords(question).map(stemOf))];
    if (stems.length === 0) return [];
    const weights = stems.map((stem) => this.rarity(stem));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const phrase = tellingWords(question).join(' ');
    const scored = this.all.flatMap((entry) => {
      let covered = 0;
      let score = phraseScore(entry.findable, phrase);
      stems.forEach((stem, index) => {
        const best = scoreOf(entry, stem);
        if (best > 0) covered += weights[index]!;
        score += best * weights[index]!;
      });
      return total > 0 && covered >= COVERED * total ? [{ item: entry.item, score }] : [];
    });
    return scored.sort((a, b) => b.score - a.score).map(({ item }) => item);
  }

  /** How much a word tells the items apart; nothing, if no item has it. */
  private rarity(stem: string): number {
    const having = this.all.filter((entry) => scoreOf(entry, stem) > 0).length;
    return having === 0 ? 1 : Math.log(1 + this.all.length / having);
  }
}

function scoreOf({ name, subject, text }: Omit<Indexed<unknown>, 'item' | 'findable'>, stem: string): number {
  const has = (words: readonly string[]): boolean => words.some((word) => word.startsWith(stem));
  if (has(name)) return WEIGHT.name + (has(subject) ? WEIGHT.subject / 2 : 0);
  if (has(subject)) return WEIGHT.subject;
  return has(text) ? WEIGHT.text : 0;
}

/** A name of several words that stands in the question as it is. */
function phraseScore({ name, subjects }: Findable, phrase: string): number {
  const within = (candidate: string): boolean => {
    const text = wordsOf(candidate).join(' ');
    return text !== '' && (` ${phrase} `.includes(` ${text} `) || ` ${text} `.includes(` ${phrase} `));
  };
  return (within(name) ? PHRASE.name : 0) + (subjects.some(within) ? PHRASE.subject : 0);
}
