/** One signature to make. */
export interface SignRequest {
  /** Names a key that the worker has. */
  readonly kid: string;
  /** The JWS signing input. */
  readonly input: Uint8Array;
}

/** A message to a worker; a "sign" is answered by all its signatures, in its order. */
export type ToWorker =
  | { readonly type: "key"; readonly kid: string; readonly pkcs8: Uint8Array }
  | { readonly type: "forget"; readonly kid: string }
  | { readonly type: "sign"; readonly requests: readonly SignRequest[] };

/** A message from a worker. */
export type FromWorker = "ready" | readonly Uint8Array[];

/** What the pool needs of a Worker. */
export interface SigningWorker {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}
