/** All services in one executable, for the image: the first word names the one that this process is. */
const services: Readonly<Record<string, () => Promise<unknown>>> = {
  customer: () => import("./customer/main.ts"),
  finance: () => import("./finance/main.ts"),
  claims: () => import("./claims/main.ts"),
};

const start = services[process.argv[2] ?? ""];
if (start === undefined) {
  const names = Object.keys(services).join(", ");
  process.stderr.write(
    `Cannot start ${JSON.stringify(process.argv[2] ?? "")}: no such service\nhint: The services are ${names}; give one of them as the first argument.\n`,
  );
  process.exit(2);
}
// The rest of the command line is the service's own.
process.argv.splice(2, 1);
await start();
