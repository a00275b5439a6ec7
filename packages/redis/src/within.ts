const PARTS = 5;

/**
 * Rejects when Redis has not answered in time. It is counted in parts: when this process itself was busy for long, that is one part, so Redis is
 * not blamed for an answer that nobody has read yet.
 */
export async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    let left = PARTS;
    const wait = () => {
      if (left === 0) return reject(new Error(`Redis did not answer within ${ms} ms`));
      left -= 1;
      timer = setTimeout(wait, ms / PARTS);
    };
    wait();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
