/** Stands in for what the doctor reads of a TLS server: a chain that a public CA signed. */
import type { TlsChain } from "../../setup/aws_thumbprint.ts";

export function readTlsChain(): Promise<TlsChain> {
  return Promise.resolve({ certificates: [new Uint8Array([48, 0])], trusted: true });
}
