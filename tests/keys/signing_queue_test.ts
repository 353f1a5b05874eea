import { assertEquals, assertRejects } from "@std/assert";
import { SigningBusyError } from "../../keys/errors.ts";
import { signingQueue } from "../../keys/signing_queue.ts";

function jobs() {
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const job = (id: number, fails = false) => () => {
    started.push(id);
    return new Promise<number>((resolve, reject) =>
      finish.push(() => fails ? reject(new Error(`job ${id}`)) : resolve(id))
    );
  };
  return { started, finish, job };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("signingQueue runs a few at once and the rest in order", async () => {
  const queue = signingQueue({ maxInFlight: 2, maxQueued: 10 });
  const { started, finish, job } = jobs();
  const results = [1, 2, 3, 4, 5].map((id) => queue(job(id)));
  await settle();
  assertEquals(started, [1, 2]);
  finish[1]!();
  await settle();
  assertEquals(started, [1, 2, 3]);
  for (let i = 0; i < 5; i++) {
    finish[i]?.();
    await settle();
  }
  assertEquals(await Promise.all(results), [1, 2, 3, 4, 5]);
});

Deno.test("signingQueue refuses what exceeds its bound and recovers", async () => {
  const queue = signingQueue({ maxInFlight: 1, maxQueued: 2 });
  const { finish, job } = jobs();
  const accepted = [1, 2, 3].map((id) => queue(job(id)));
  const error = await assertRejects(() => queue(job(4)), SigningBusyError, "2 signatures wait");
  assertEquals(error.code, "signing_busy");
  for (let i = 0; i < 3; i++) {
    finish[i]?.();
    await settle();
  }
  assertEquals(await Promise.all(accepted), [1, 2, 3]);
  const later = queue(job(5));
  await settle();
  finish[3]!();
  assertEquals(await later, 5);
});

Deno.test("signingQueue goes on after a job that fails or throws", async () => {
  const queue = signingQueue({ maxInFlight: 1, maxQueued: 10 });
  const { finish, job } = jobs();
  const failing = queue(job(1, true));
  const throwing = queue(() => {
    throw new Error("at once");
  });
  const fine = queue(() => Promise.resolve("fine"));
  finish[0]!();
  await assertRejects(() => failing, Error, "job 1");
  await assertRejects(() => throwing, Error, "at once");
  assertEquals(await fine, "fine");
});
