/** An isolate as the scheduler sees it: it can die, or stand still while time goes on. */
export class Process {
  readonly name: string;
  /** How far its clock is from the true time, in ms. */
  skew = 0;
  alive = true;
  frozenUntil = 0;
  /** How many steps of it are due, and how many requests it has not answered. */
  due = 0;
  unanswered = 0;
  /** It dies instead of taking this many steps more; undefined: it does not. */
  stepsToLive: number | undefined;
  /** When one of its calls last met a fault, and when its clock last went back. */
  lastFaultAt = -Infinity;
  lastStepBackAt = -Infinity;

  constructor(name: string) {
    this.name = name;
  }

  /** What it does until some time after this may fail, and is no fault of its own. */
  hinder(until: number): void {
    this.lastFaultAt = Math.max(this.lastFaultAt, until);
  }

  freeze(until: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, until);
    this.hinder(until);
  }

  crash(): void {
    this.alive = false;
  }
}
