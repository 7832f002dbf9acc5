import { sampleId } from "./ids.ts";

/** Name, date of birth and address of USR001, USR002, … in this order. */
const people: readonly (readonly [name: string, born: string, address: string])[] = [
  ["Nora Whitfield", "1984-05-12", "14 Alder Lane, Portland, OR 97205"],
  ["Daniel Okafor", "1979-11-03", "220 Quarry Road, Columbus, OH 43085"],
  ["Grace Lindholm", "1968-02-27", "9 Harbor View, Duluth, MN 55802"],
  ["Samuel Ortega", "1957-08-19", "731 Mesa Drive, Santa Fe, NM 87501"],
  ["Priya Raman", "1991-01-30", "58 Beacon Street, Boston, MA 02108"],
  ["Walter Fenn", "1963-07-07", "402 Miller Pike, Lexington, KY 40505"],
  ["Lucia Moretti", "1988-09-21", "17 Orchard Court, Providence, RI 02906"],
  ["Henry Calloway", "1955-04-16", "88 Riverside Walk, Savannah, GA 31401"],
  ["Ayumi Tanaka", "1993-12-05", "301 Cedar Avenue, Seattle, WA 98101"],
  ["Peter Novak", "1975-06-24", "65 Lakeshore Boulevard, Cleveland, OH 44114"],
  ["Elena Duarte", "1986-03-09", "1290 Palm Terrace, Tampa, FL 33602"],
  ["Marcus Bell", "1971-10-14", "24 Foundry Street, Pittsburgh, PA 15222"],
  ["Ingrid Solberg", "1982-08-02", "510 Fjord Way, Madison, WI 53703"],
  ["Omar Haddad", "1990-02-11", "77 Union Square, Detroit, MI 48226"],
  ["Rosa Pereira", "1966-12-28", "36 Mission Hill, San Antonio, TX 78205"],
  ["Claire Fontaine", "1987-07-15", "12 rue des Lilas, 69003 Lyon"],
  ["Julien Mercier", "1978-05-06", "48 avenue de la Gare, 31000 Toulouse"],
  ["Tom Barrow", "1995-09-30", "803 Granite Road, Concord, NH 03301"],
  ["Anna Keller", "1981-01-18", "145 Vineyard Lane, Napa, CA 94559"],
  ["Victor Lang", "1969-11-22", "6 Summit Place, Denver, CO 80202"],
  ["Mei Chen", "1992-04-03", "219 Jade Street, Sacramento, CA 95814"],
  ["Hugo Brandt", "1973-08-26", "940 Prairie Road, Omaha, NE 68102"],
  ["Sofia Reyes", "1985-10-08", "33 Copper Canyon, Tucson, AZ 85701"],
  ["Liam Doyle", "1989-06-17", "71 Clover Street, Albany, NY 12207"],
  ["Camille Roche", "1994-03-25", "5 place du Marché, 44000 Nantes"],
];

/** The sample users as rows. */
export function sampleUsers(): (Record<string, string> & { id: string; user_id: string })[] {
  return people.map(([name, born, address], index) => {
    const user = userKeyOf(index + 1);
    return {
      id: sampleId("user", user),
      user_id: user,
      email: `${name.toLowerCase().replace(" ", ".")}@example.com`,
      full_name: name,
      date_of_birth: born,
      phone_number: `+1 555 01${String(index + 1).padStart(2, "0")}`,
      address,
    };
  });
}

/** `USR001` for 1. */
export function userKeyOf(number: number): string {
  return `USR${String(number).padStart(3, "0")}`;
}
