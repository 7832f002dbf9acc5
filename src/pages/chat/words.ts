import { wordsIn } from "../ui/language.tsx";

/** What the support chat says, in English; French has the same members. */
const english = {
  title: "Support",
  navigation: "Pages",
  conversation: "Conversation",
  tools: "Tools",
  signIn: "The chat asks for an access token",
  noModel:
    "No model is configured, so nobody can answer in words: set LLAMASTACK_ENDPOINT. The tools can be used as forms.",
  with: "with",
  restart: "New conversation",
  you: "You: ",
  answer: "Answer: ",
  question: "Your question",
  ask: "Ask",
  callOf: (tool: string) => `Call of ${tool}`,
  states: {
    waiting: "waiting",
    running: "running",
    done: "done",
    failed: "failed",
    denied: "denied",
  },
  changes: "This changes data. It is carried out only when you approve it.",
  sent: "What will be sent",
  approve: "Approve",
  approveTool: (tool: string) => `Approve ${tool}`,
  deny: "Deny",
  arguments: "Arguments",
  result: "Result",
  resultOf: (tool: string) => `Result of ${tool}`,
  call: (tool: string) => `Call ${tool}`,
  reads: "reads",
  writes: "writes",
  refused: "the tool says no",
  fine: "ok",
};

const french: typeof english = {
  title: "Assistance",
  navigation: "Pages",
  conversation: "Conversation",
  tools: "Outils",
  signIn: "L’assistance demande un jeton d’accès",
  noModel:
    "Aucun modèle n’est configuré, personne ne peut donc répondre avec des mots : renseignez LLAMASTACK_ENDPOINT. Les outils peuvent être utilisés comme formulaires.",
  with: "avec",
  restart: "Nouvelle conversation",
  you: "Vous : ",
  answer: "Réponse : ",
  question: "Votre question",
  ask: "Demander",
  callOf: (tool) => `Appel de ${tool}`,
  states: {
    waiting: "en attente",
    running: "en cours",
    done: "fait",
    failed: "échec",
    denied: "refusé",
  },
  changes: "Ceci modifie des données et n’est exécuté que si vous l’approuvez.",
  sent: "Ce qui sera envoyé",
  approve: "Approuver",
  approveTool: (tool) => `Approuver ${tool}`,
  deny: "Refuser",
  arguments: "Arguments",
  result: "Résultat",
  resultOf: (tool) => `Résultat de ${tool}`,
  call: (tool) => `Appeler ${tool}`,
  reads: "lit",
  writes: "écrit",
  refused: "l’outil refuse",
  fine: "bien",
};

/** The words of the support chat. */
export const useWords = wordsIn({ en: english, fr: french });
