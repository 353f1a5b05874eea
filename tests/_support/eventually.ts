/** Waits, at most two seconds, until `holds`: for work in the background whose end nothing announces. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("still not so after two seconds");
}
