import { type Partition, partitionById } from "./partitions.ts";

/** What the ARN of a role says. */
export interface RoleArn {
  readonly arn: string;
  readonly partition: Partition;
  readonly accountId: string;
}

const shape = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/[\x21-\x7e]{1,576}$/;

/** Reads `arn:<partition>:iam::<12 digits>:role/<path and name>`; anything else is a TypeError. */
export function parseRoleArn(arn: string): RoleArn {
  const match = shape.exec(arn);
  const partition = match && partitionById(match[1]!);
  if (!match || !partition) {
    throw new TypeError(
      `Cannot use roleArn: expected arn:aws:iam::<12 digits>:role/<name>, got ${arn.slice(0, 80)}`,
    );
  }
  return { arn, partition, accountId: match[2]! };
}
