/** Runs beside the fuzzer and ends it where a case does not end: the seed is then known. */
const patience = 20_000;

addEventListener("message", (event) => {
  const { data } = event as MessageEvent<{ beat: SharedArrayBuffer; names: readonly string[] }>;
  // Cases so far, place of the target, seed.
  const beat = new Uint32Array(data.beat);
  let last = -1;
  setInterval(() => {
    const [count = 0, place = 0, seed = 0] = beat;
    if (count === last) {
      const name = data.names[place];
      console.error(`${name} hangs; again with: deno task fuzz --only ${name} --seed ${seed}`);
      Deno.exit(1);
    }
    last = count;
  }, patience);
});
