import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A free port of loopback, printed for whoever started this program. */
export function listen(server: Server): void {
  // Longer than any pause between two rounds: a connection closed meanwhile would be counted as an error.
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1', () => printUrl(server.address() as AddressInfo));
}

export function printUrl({ port }: AddressInfo): void {
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
}

export function listeningUrlOf(output: string): string | null {
  return /^listening on (\S+)$/m.exec(output)?.[1] ?? null;
}
