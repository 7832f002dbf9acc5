/** What must never be on the wire: texts of exceptions, of SQL and of the source. */
export const insides: RegExp =
  /\bat \w+ \(|node_modules|\.ts:\d|PostgresError|syntax error|violates|insert into|TypeError/i;
