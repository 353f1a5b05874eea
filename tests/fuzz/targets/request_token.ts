import {
  createRequestToken,
  issuerTag,
  parseRequestToken,
} from "../../../issuer/workloads/request_token.ts";
import { isWorkloadId } from "../../../issuer/workloads/workload_id.ts";
import { anyText, mutateText } from "../mutate.ts";
import type { Random } from "../random.ts";
import { attempt, ensure, type Target } from "../target.ts";

const ISSUER = "https://tokens.test", TAG = issuerTag(ISSUER);

function issued(random: Random): { token: string; workload: string } {
  const signs = "abcxyz019-";
  const rest = Array.from({ length: random.int(63) }, () => random.pick([...signs])).join("");
  const workload = random.pick(["a", "w", "0"]) + rest;
  const randomBytes = (length: number) => new Uint8Array(length).map(() => random.int(256));
  return { token: createRequestToken({ issuer: ISSUER, workload, randomBytes }), workload };
}

/** Takes a token apart by places alone; no regular expression. */
function workloadOf(token: string): string | undefined {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const head = `signet_rt_${TAG}_`, secret = token.slice(-43), id = token.slice(head.length, -44);
  const sound = token.startsWith(head) && token.at(-44) === "_" &&
    [...secret].every((sign) => signs.includes(sign));
  return sound && token.length > head.length + 44 && isWorkloadId(id) ? id : undefined;
}

/** A request token is read as the workload it was made for, and nothing else is one. */
export const requestTokenTarget: Target = {
  name: "request_token",
  cases: 800,
  run(random) {
    const { token, workload } = issued(random);
    ensure(parseRequestToken(token, TAG)?.workload === workload, "no round trip", token);
    const other = parseRequestToken(token, issuerTag("https://other.test"));
    ensure(other === undefined, "taken by another issuer", token);
    const text = random.oneIn(10) ? anyText(random) : mutateText(random, token);
    const outcome = attempt({
      ...{ input: text, length: text.length, errors: [] },
      parse: () => parseRequestToken(text, TAG)?.workload,
    });
    ensure("value" in outcome && outcome.value === workloadOf(text), "read otherwise", text);
  },
};
