import { useState } from "react";

/** Who sits before the page: the id stays the same in this browser, the name can be changed. */
export interface Reviewer {
  reviewer_id: string;
  reviewer_name: string;
}

const idKey = "berth.reviewer.id";
const nameKey = "berth.reviewer.name";
/** The longest name that the service takes, in UTF-16 units. */
export const nameLimit = 255;

export function useReviewer(): [Reviewer, (name: string) => void] {
  const [reviewer, setReviewer] = useState(readReviewer);
  return [
    reviewer,
    (name) => {
      localStorage.setItem(nameKey, name);
      setReviewer({ ...reviewer, reviewer_name: name });
    },
  ];
}

function readReviewer(): Reviewer {
  let id = localStorage.getItem(idKey);
  if (id === null) {
    id = `reviewer-${randomText()}`;
    localStorage.setItem(idKey, id);
  }
  return { reviewer_id: id, reviewer_name: localStorage.getItem(nameKey) || id };
}

/** `crypto.randomUUID` is there on secure origins only; this is there on all. */
function randomText(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
