import { bootstrapKeyset, introduceKeyset } from "./change_keyset.ts";
import { lostDatabase } from "./keyring_errors.ts";
import type { ResolvedKeyringOptions } from "./keyring_options.ts";
import type { Keysets } from "./keysets.ts";
import type { KeysetStore } from "./keyset_store.ts";

/** Reads the keysets and creates those that are missing; who loses a race uses the winner's. */
export async function readKeysets(
  store: KeysetStore,
  { algorithms, initialized, issuer, onEvent, policy }: ResolvedKeyringOptions,
): Promise<Keysets> {
  for (;;) {
    const keysets = await store.read();
    const missing = algorithms.filter((alg) => !keysets.has(alg));
    if (missing.length === 0) return keysets;
    const first = keysets.size === 0;
    if (first && initialized) throw lostDatabase(issuer);
    const decide = (now: number) =>
      first ? bootstrapKeyset({ now, policy }) : introduceKeyset({ now, policy });
    if (!await store.create(missing, { first, decide })) continue;
    const type = first ? "bootstrapped" : "introduced";
    for (const alg of missing) onEvent({ type, alg, epoch: 1 });
  }
}
