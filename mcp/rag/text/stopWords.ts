import type { Language } from "./language.ts";

/** The words that carry grammar and no subject, folded; they tell the language and are left out of embeddings. */
export const stopWords: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(
    `a about after all also an and any are as at be because been before but by can could did do does during each for
     from had has have he her him his how i if in into is it its may me more most must my no not of on or other our out
     over shall she should since so some such than that the their them then there these they this those to under until
     up was we were what when where which while who whom whose why will with within would you your`.split(
      /\s+/,
    ),
  ),
  fr: new Set(
    `a afin ai alors apres au aucun aucune aussi autre autres aux avait avant avec avez avoir avons c ce cela celle celui
     ces cet cette ceux chaque chez comme comment d dans de depuis des dont du elle elles en encore entre es est et etait
     etaient etant ete etes etre eu eux fait faut il ils j je l la laquelle le lequel les lesquels leur leurs lors lorsque
     lui m ma mais me meme mes moi mon n ne ni nos notre nous on ont ou par pas pendant peut peuvent plus pour pourquoi
     qu quand que quel quelle quelles quels qui quoi s sa sans sauf se sera ses si soit son sont sous sur t ta te tes toi
     ton tous tout toute toutes tres tu un une vers vos votre vous y`.split(/\s+/),
  ),
};
