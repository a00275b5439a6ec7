import "reflect-metadata";
import { Controller, HttpCode, Module, Post } from "@nestjs/common";

class Completions {
  answer() {
    return {};
  }
}

// Decorators are called, as Node does not compile their syntax.
const answer = Object.getOwnPropertyDescriptor(Completions.prototype, "answer") as PropertyDescriptor;
for (const decorate of [HttpCode(200), Post("chat/completions")]) decorate(Completions.prototype, "answer", answer);
Controller("v1")(Completions);

export class BareModule {}
Module({ controllers: [Completions] })(BareModule);
