/** A value that is there, or on its way. To await one that is there would cost a token some percent. */
export type Eventual<T> = T | Promise<T>;

/** Goes on with a value: at once where it is there, else when it comes. */
export function andThen<T, R>(value: Eventual<T>, next: (value: T) => Eventual<R>): Eventual<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** What `attempt` makes, or what `recover` makes of its failure, whether thrown or rejected. */
export function orElse<T>(
  attempt: () => Eventual<T>,
  recover: (error: unknown) => Eventual<T>,
): Eventual<T> {
  try {
    const made = attempt();
    return made instanceof Promise ? made.catch(recover) : made;
  } catch (error) {
    return recover(error);
  }
}
