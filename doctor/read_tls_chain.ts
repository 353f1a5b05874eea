import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { TlsChain } from "../setup/aws_thumbprint.ts";

/** How to connect. */
export interface ReadTlsChainOptions {
  /** Deadline in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** PEM of further CAs that count as public; for tests. Default none. */
  readonly caCerts?: string[];
}

/**
 * Read the certificates that a host sends, trusted or not. Whether they are trusted is asked of
 * Deno's own TLS in a second connection, because node:tls before Deno 2.6 calls every chain
 * authorized; there the chain is also cut off after the first certificate (`complete` is false).
 */
export async function readTlsChain(
  host: string,
  port: number,
  options: ReadTlsChainOptions = {},
): Promise<TlsChain> {
  const hostname = host.replace(/^\[|\]$/g, "");
  const certificates = await peerCertificates(hostname, port, options.timeoutMs ?? 10_000);
  const reason = await distrust(hostname, port, options.caCerts ?? []);
  const last = certificates.at(-1);
  return {
    certificates: certificates.map(({ raw }) => new Uint8Array(raw)),
    trusted: reason === undefined,
    reason,
    complete: last !== undefined && (certificates.length > 1 || isSelfSigned(last)),
  };
}

function isSelfSigned({ subject, issuer }: DetailedPeerCertificate): boolean {
  return JSON.stringify(subject) === JSON.stringify(issuer);
}

function peerCertificates(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<DetailedPeerCertificate[]> {
  return new Promise((resolve, reject) => {
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const socket: TLSSocket = connect({ host, port, ...name, rejectUnauthorized: false }, () => {
      clearTimeout(timer);
      resolve(walk(socket.getPeerCertificate(true)));
      socket.destroy();
    });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`Cannot read the TLS chain of ${host}: no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.on("error", (cause) => {
      clearTimeout(timer);
      reject(new Error(`Cannot read the TLS chain of ${host}:${port}`, { cause }));
    });
  });
}

/** A root that was sent is its own issuer: stop there. */
function walk(first: DetailedPeerCertificate | undefined): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next = first;
  while (next?.raw && !chain.some(({ raw }) => next?.raw.equals(raw)) && chain.length < 10) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/** Why Deno's TLS does not trust the host, or undefined when it does. */
async function distrust(
  hostname: string,
  port: number,
  caCerts: string[],
): Promise<string | undefined> {
  try {
    const connection = await Deno.connectTls({ hostname, port, caCerts });
    try {
      await connection.handshake();
    } finally {
      connection.close();
    }
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
