import { outlet } from "@outlet/express";
import express from "express";
import { port } from "./environment.ts";
import { outletOptions } from "./outlet-options.ts";

express().use("/v1", outlet(outletOptions)).listen(port, "127.0.0.1");
