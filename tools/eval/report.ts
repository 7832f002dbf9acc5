import { tableOf } from "../bench/report.ts";
import type { Evaluated } from "./run.ts";
import { totalOf } from "./score.ts";

/** The scores of a group of questions, from 0 to 1. */
export interface GroupScore {
  count: number;
  tools: number;
  arguments: number;
  answer: number;
  total: number;
}

/** What an evaluation ends with; the same model and data give the same report. */
export interface EvalReport {
  model: string;
  endpoint: string;
  all: GroupScore;
  topics: Record<string, GroupScore>;
  questions: readonly Evaluated[];
}

export function reportOf(
  about: Pick<EvalReport, "model" | "endpoint">,
  questions: readonly Evaluated[],
): EvalReport {
  const topics = [...new Set(questions.map(({ topic }) => topic))];
  return {
    ...about,
    all: groupScore(questions),
    topics: Object.fromEntries(
      topics.map((topic) => [topic, groupScore(questions.filter((one) => one.topic === topic))]),
    ),
    questions,
  };
}

/** The report for people: the scores by topic, then every question that lost something. */
export function markdownOf(report: EvalReport): string {
  const { model, endpoint, all, topics, questions } = report;
  const row = (name: string, { count, ...scores }: GroupScore) => [
    name,
    `${count}`,
    ...[scores.tools, scores.arguments, scores.answer, scores.total].map(percent),
  ];
  const head = ["topic", "questions", "tools", "arguments", "answer", "total"];
  const rows = [
    ...Object.entries(topics).map(([name, score]) => row(name, score)),
    row("all", all),
  ];
  const lost = questions.filter(({ misses }) => misses.length > 0);
  const misses = lost.flatMap(({ id, question, misses, text }) => [
    `- **${id}** ${question}`,
    ...misses.map((miss) => `  - ${miss}`),
    `  - it said: ${JSON.stringify(text.slice(0, shownLimit))}`,
  ]);
  return [
    `# Evaluation of \`${model}\` at ${endpoint}`,
    "",
    tableOf(head, rows),
    "",
    lost.length === 0 ? "Nothing was lost." : `${lost.length} questions lost something:`,
    "",
    ...misses,
  ]
    .join("\n")
    .trimEnd();
}

/** The most of an answer that is shown, in UTF-16 units. */
const shownLimit = 300;

function groupScore(questions: readonly Evaluated[]): GroupScore {
  const mean = (pick: (one: Evaluated) => number) =>
    questions.reduce((sum, one) => sum + pick(one), 0) / Math.max(1, questions.length);
  return {
    count: questions.length,
    tools: mean((one) => one.tools),
    arguments: mean((one) => one.arguments),
    answer: mean((one) => one.answer),
    total: mean(totalOf),
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
