/** What cards say of themselves, in each language. */

import { type Language, LOCAL } from "../locale";
import { STRINGS } from "../strings";

export interface Words {
  readonly number: Intl.NumberFormat;
  readonly classes: Readonly<Record<string, string>>;
  readonly entity: string;
  readonly evidence: string;
  readonly hypothesis: string;
  readonly case: string;
  readonly picture: string;
  readonly offer: string;
  readonly unknown: string;
  readonly details: string;
  readonly posterior: string;
  readonly notSent: string;
  readonly sent: string;
  readonly loadOnce: string;
  /** Fields that say the same in a language each, the reader's first. */
  readonly alts: readonly string[];
  readonly labels: readonly string[];
  notLoaded(name: string): string;
  /** What a picture shows, if nobody says it. */
  crop(name: string): string;
  grade(grade: string): string;
  mentions(n: number, text: string): string;
  documents(n: number, text: string): string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    number: new Intl.NumberFormat("en"),
    classes: {
      person: "Person",
      organization: "Organization",
      location: "Location",
      event: "Event",
      uap_object: "UAP object",
      vehicle: "Vehicle",
      operation: "Operation",
      concept: "Concept",
    },
    entity: "Entity",
    evidence: "Evidence",
    hypothesis: "Hypothesis",
    case: "Case",
    picture: "Page crop",
    offer: "Go to",
    unknown: "No card for this kind of artifact",
    details: "Details",
    posterior: "Posterior probability",
    notSent: "Not sent: no kernel answers.",
    sent: "Asked for",
    loadOnce: STRINGS.loadOnce,
    alts: ["alt_en", "alt_pt"],
    labels: ["label_en", "label_pt"],
    notLoaded: STRINGS.notLoaded,
    crop: (name) => `Part of a page of ${name}`,
    grade: (grade) => `Grade ${grade}`,
    mentions: (n, text) => (n === 1 ? "1\u00a0mention" : `${text}\u00a0mentions`),
    documents: (n, text) => (n === 1 ? "1\u00a0document" : `${text}\u00a0documents`),
  },
  pt: {
    number: new Intl.NumberFormat("pt"),
    classes: {
      person: "Pessoa",
      organization: "Organização",
      location: "Local",
      event: "Evento",
      uap_object: "Objeto UAP",
      vehicle: "Veículo",
      operation: "Operação",
      concept: "Conceito",
    },
    entity: "Entidade",
    evidence: "Evidência",
    hypothesis: "Hipótese",
    case: "Caso",
    picture: "Recorte de página",
    offer: "Ir para",
    unknown: "Não há cartão para este tipo de artefato",
    details: "Detalhes",
    posterior: "Probabilidade a posteriori",
    notSent: "Não enviado: nenhum kernel responde.",
    sent: "Pedido",
    loadOnce: LOCAL.pt.loadOnce,
    alts: ["alt_pt", "alt_en"],
    labels: ["label_pt", "label_en"],
    notLoaded: LOCAL.pt.notLoaded,
    crop: (name) => `Parte de uma página de ${name}`,
    grade: (grade) => `Grau ${grade}`,
    mentions: (n, text) => (n === 1 ? "1\u00a0menção" : `${text}\u00a0menções`),
    documents: (n, text) => (n === 1 ? "1\u00a0documento" : `${text}\u00a0documentos`),
  },
};
