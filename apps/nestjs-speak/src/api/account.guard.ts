import { type CanActivate, type ExecutionContext, Inject, Injectable } from "@nestjs/common";
import type { Request } from "express";
import { AccountsService } from "./accounts.service.ts";

/** What this guard leaves on the request. */
export interface User {
  readonly id: string;
}

/**
 * Recognizes who calls `/v1`, and lets everybody pass: the outlet refuses whoever was not recognized, in the words that
 * OpenAI's SDKs know. Passport's guards and your own fit in its place.
 */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(@Inject(AccountsService) private readonly accounts: AccountsService) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { user?: User }>();
    const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const name = key === undefined ? undefined : this.accounts.nameOf(key);
    if (name !== undefined) request.user = { id: name };
    return true;
  }
}
