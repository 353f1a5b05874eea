import { DAY, MINUTE, SECOND } from "../keys/support.ts";
import type { Cluster } from "./cluster.ts";
import type { Isolate, ServedKeys, Token } from "./isolate.ts";
import { CACHE_POLICIES, httpCache, type RelyingParty, relyingParty } from "./relying_party.ts";

/** Those who ask isolates: workloads for tokens, and relying parties for keys. */
export class Visitors {
  readonly #cluster: Cluster;
  readonly #parties: RelyingParty[];

  constructor(cluster: Cluster) {
    const { random, scheduler, configuration } = cluster;
    this.#cluster = cluster;
    const direct = () => this.#fetchKeys();
    const shared = httpCache(direct, { maxAge: configuration.policy.jwksMaxAge, scheduler });
    this.#parties = CACHE_POLICIES.map((policy) =>
      relyingParty(policy, { fetchKids: random.chance(0.5) ? shared : direct, scheduler })
    );
  }

  /** Asks an isolate for a token, which relying parties then see. */
  mint(isolate: Isolate): void {
    const { random, oracle, configuration } = this.#cluster;
    const lifetime = random.pick([5 * MINUTE, configuration.maxTokenLifetime]);
    const alg = random.pick(isolate.release.algorithms);
    void this.#cluster.ask(isolate, async () => {
      const token = await isolate.mint(alg, lifetime);
      this.#cluster.log(() => `${isolate.process.name} mints a token by ${token.kid}`);
      oracle.onMinted(token, isolate.process);
      this.#present(token);
    });
  }

  /** Asks an isolate for its JWKS. */
  serve(isolate: Isolate): void {
    void this.#cluster.ask(isolate, () => this.#keysOf(isolate));
  }

  /** Shows a token to two relying parties, each at its own time: now, meanwhile, or at the end. */
  #present(token: Token): void {
    const { scheduler: { now }, random, configuration } = this.#cluster;
    const end = token.expiresAt + configuration.policy.leeway;
    for (let time = 0; time < 2; time++) {
      this.#showLater(token, random.pick([now, random.int(now, end), end - SECOND]));
    }
    // One who got hold of a compromised key goes on with it.
    this.#showLater(token, now + random.int(0, 3 * DAY));
  }

  #showLater(token: Token, at: number): void {
    const party = this.#cluster.random.pick(this.#parties);
    this.#cluster.scheduler.at(at, () => void this.#show(token, party));
  }

  async #show(token: Token, { policy, accepts }: RelyingParty): Promise<void> {
    const accepted = await accepts(token.kid);
    if (accepted === undefined) return;
    const verb = accepted ? "takes" : "refuses";
    this.#cluster.log(() => `${policy.name} ${verb} a token by ${token.kid}`);
    this.#cluster.oracle.onVerdict({ token, policy, accepted });
  }

  async #keysOf(isolate: Isolate): Promise<ServedKeys> {
    const keys = await isolate.keys();
    this.#cluster.log(() => `${isolate.process.name} serves ${keys.kids} (age ${keys.age})`);
    this.#cluster.oracle.onServed(keys, isolate.process);
    return keys;
  }

  /** A JWKS from any isolate, or undefined when it gives none within five seconds. */
  async #fetchKeys(): Promise<ReadonlySet<string> | undefined> {
    const { random, isolates, scheduler } = this.#cluster;
    const isolate = random.pick(isolates);
    const answer = this.#cluster.ask(isolate, () => this.#keysOf(isolate));
    const keys = await Promise.race([answer, scheduler.sleep(5 * SECOND)]);
    return keys ? new Set(keys.kids) : undefined;
  }
}
