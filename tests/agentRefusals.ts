/** What a model wrote instead of a call; read by keywords, most of them became approvals. */
export const refusalTexts: [string, string][] = [
  [
    "a refusal in prose",
    "I cannot approve this claim. My recommendation: deny, with 90 % confidence.",
  ],
  [
    "unfenced JSON with another first key",
    '{"claim":"x","recommendation":"deny","reasoning":"We cannot approve it."}',
  ],
  [
    "unfenced JSON with a nested object",
    '{"recommendation":"deny","details":{"policy":"none"},"reasoning":"It is not approved."}',
  ],
  [
    "fenced JSON with an approval in upper case",
    '```json\n{"decision":"APPROVE","confidence":95}\n```',
  ],
  [
    "two fenced blocks, the verdict in the second",
    '```json\n{"a":1}\n```\n```json\n{"decision":"deny","confidence":0.8}\n```',
  ],
  [
    "a refusal in French",
    "Je ne peux pas approuver cette demande ; je recommande un refus à 90 %.",
  ],
  ["an empty message", ""],
];
