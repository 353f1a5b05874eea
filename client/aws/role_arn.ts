import { type Partition, partitionById } from "./partitions.ts";

/** What the ARN of a role says. */
export interface RoleArn {
  readonly arn: string;
  readonly partition: Partition;
  readonly accountId: string;
}

const shape = /^arn:(aws[a-z-]*):iam::(\w{0,128}):role\/[\x21-\x7e]{1,576}$/;

/**
 * Reads `arn:<partition>:iam::<12 digits>:role/<path and name>`; anything else is a TypeError. At an
 * endpoint of one's own the account may be a tenant's name or missing, as Ceph RGW has it.
 */
export function parseRoleArn(arn: string, endpoint: string | undefined): RoleArn {
  const match = shape.exec(arn);
  const partition = match && partitionById(match[1]!);
  if (!match || !partition || !(endpoint || isAwsAccount(match[2]!))) {
    throw new TypeError(
      `Cannot use roleArn: expected arn:aws:iam::<12 digits>:role/<name>, got ${arn.slice(0, 80)}`,
    );
  }
  return { arn, partition, accountId: match[2]! };
}

/** Whether this is an account id as AWS gives them. */
export function isAwsAccount(accountId: string): boolean {
  return /^\d{12}$/.test(accountId);
}
