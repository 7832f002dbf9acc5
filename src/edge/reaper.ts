import type { Subprocess } from "bun";

/**
 * What the shell does: it remembers process groups, and when its stdin ends, because Berth has ended in whatever way, it
 * ends those that are left, first politely.
 */
const script = `
trap '' TERM INT HUP
groups=" "
while read -r what group; do
  case $what in
    +) groups="$groups$group " ;;
    -) groups=$(printf '%s' "$groups" | sed "s/ $group / /") ;;
  esac
done
for group in $groups; do kill -TERM -"$group" 2>/dev/null; done
[ "$groups" = " " ] || sleep 1
for group in $groups; do kill -KILL -"$group" 2>/dev/null; done
`;

/**
 * Ends the children of a Berth that was killed without a chance to do it itself. A child in its jail dies with its parent, but what
 * it has started does not, and a server without a jail may ignore that its stdin has ended.
 */
export class Reaper {
  readonly #shell: Subprocess<"pipe", "ignore", "ignore"> | undefined;

  constructor() {
    // Without a shell, in the smallest images, the jail's own guard is what there is.
    if (Bun.which("sh") === null) return;
    this.#shell = Bun.spawn(["sh", "-c", script], {
      stdin: "pipe",
      stdout: "ignore",
      stderr: "ignore",
      env: { PATH: "/usr/bin:/bin" },
      // Signals to Berth's own group must not end it.
      detached: true,
    });
    this.#shell.unref();
  }

  /** A process group is there. */
  watch(group: number): void {
    this.#tell(`+ ${group}`);
  }

  /** Nobody of it is left. */
  forget(group: number): void {
    this.#tell(`- ${group}`);
  }

  /** Ends without ending anyone: every group has been ended by then. */
  async close(): Promise<void> {
    this.#shell?.stdin.end();
    await this.#shell?.exited;
  }

  #tell(line: string): void {
    const stdin = this.#shell?.stdin;
    if (stdin === undefined) return;
    try {
      stdin.write(`${line}\n`);
      void Promise.resolve(stdin.flush()).catch(() => undefined);
    } catch {
      // Somebody has ended the shell; the jail's own guard is what is left.
    }
  }
}
