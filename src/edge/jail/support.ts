/** What this kernel enforces, each found by trying it in a jail; see `probe.ts`. */
export interface JailSupport {
  /** The Landlock ABI that the kernel reports; 0 without Landlock. */
  landlockAbi: number;
  /** A file that was not granted cannot be opened. */
  paths: boolean;
  /** A TCP port that was not granted cannot be connected to. */
  ports: boolean;
  /**
   * A process outside the jail cannot be signalled, even where a jail may have processes of its
   * own.
   */
  signals: boolean;
  /** Another process's environment cannot be read and it cannot be traced. */
  processes: boolean;
  /** The system-call filter holds: no UDP, no execution, no namespaces. */
  calls: boolean;
  /** Berth can make the bundle's sockets for it, so that they reach this machine only. */
  broker: boolean;
}

/** What there is on an operating system without any of it. */
export const noSupport: JailSupport = {
  landlockAbi: 0,
  paths: false,
  ports: false,
  signals: false,
  processes: false,
  calls: false,
  broker: false,
};
