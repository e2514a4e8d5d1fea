import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { AbstractConnector } from 'ioredis';

/** Those of the connection; who opened it may change them before the next attempt. */
interface Options {
  host?: string;
  port?: number;
  tls?: ConnectionOptions;
  disconnectTimeout?: number;
}

/**
 * Connects as ioredis does by itself, which however listens for one error a socket: TLS may tell two, of a
 * certificate that is refused while the connection is being closed, and the second would end the process.
 */
export class RedisConnector extends AbstractConnector {
  readonly #options: Options;

  constructor(options: unknown) {
    const known = options as Options;
    super(known.disconnectTimeout ?? 0);
    this.#options = known;
  }

  override async connect(): Promise<Socket> {
    const { host = 'localhost', port = 6379, tls } = this.#options;
    this.connecting = true;
    const socket = tls ? connectTls({ host, port, ...tls }) : connect({ host, port });
    socket.on('error', (error) => {
      this.firstError = error;
    });
    readBeforeHangingUp(socket);
    this.stream = socket;
    return socket;
  }
}

/**
 * ioredis hangs up on a server that is silent, by a timer; timers run before what has arrived is read. After a while in
 * which this process stood still, what the server has answered meanwhile is read first.
 */
function readBeforeHangingUp(socket: Socket): void {
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error) => {
    if (!error?.message.startsWith('Socket timeout')) return destroy(error);
    const { bytesRead } = socket;
    setImmediate(() => {
      if (socket.bytesRead === bytesRead) destroy(error);
    });
    return socket;
  };
}
