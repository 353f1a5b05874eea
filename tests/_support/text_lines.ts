/** Bytes in, lines of text out. */
export class TextLineStream implements ReadableWritablePair<string, Uint8Array<ArrayBuffer>> {
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>;

  constructor() {
    let rest = "";
    const decoder = new TextDecoderStream();
    const lines = new TransformStream<string, string>({
      transform(chunk, controller) {
        const parts = (rest + chunk).split("\n");
        rest = parts.pop()!;
        for (const part of parts) controller.enqueue(part);
      },
    });
    this.writable = decoder.writable;
    this.readable = decoder.readable.pipeThrough(lines);
  }
}
