/** What a card of each kind shows: its icon, what it is, its name, and what else is known. */

import { type Content, countOf, shareOf, textOf } from "./content";
import { type Glyph, glyphOf } from "./icons";
import type { Words } from "./words";

export interface Face {
  readonly icon: Glyph;
  readonly label: string;
  readonly name: string;
  readonly notes: readonly string[];
  /** How good it is, in a word. */
  readonly badge?: string;
  /** How likely it is, 0 to 1. */
  readonly share?: number | undefined;
}

type Kind = (content: Content, words: Words) => Face;

const entity: Kind = (content, words) => {
  const given = textOf(content, "entity_class");
  const count = (name: string, say: (n: number, text: string) => string) => {
    const n = countOf(content, name);
    return n === undefined ? "" : say(n, words.number.format(n));
  };
  return {
    icon: glyphOf(given),
    label: Object.hasOwn(words.classes, given) ? (words.classes[given] as string) : given || words.entity,
    name: textOf(content, "canonical_name", "entity_id"),
    notes: [count("total_mentions", words.mentions), count("documents_count", words.documents)],
  };
};

/** A name, and behind it the id that it stands for. */
const titled = (content: Content, id: string) => ({
  name: textOf(content, "title", id),
  notes: [textOf(content, "title") && textOf(content, id)],
});

const evidence: Kind = (content, words) => {
  const grade = textOf(content, "grade");
  const badge = grade && words.grade(grade);
  return { icon: "evidence", label: words.evidence, ...titled(content, "evidence_id"), badge };
};

const hypothesis: Kind = (content, words) => {
  const share = shareOf(content, "posterior");
  return { icon: "hypothesis", label: words.hypothesis, ...titled(content, "hypothesis_id"), share };
};

const dossier: Kind = (content, words) => ({
  icon: "case",
  label: words.case,
  ...titled(content, "case_id"),
});

export const FACES: Readonly<Record<string, Kind>> = {
  entity_card: entity,
  evidence_card: evidence,
  hypothesis_card: hypothesis,
  case_card: dossier,
};
