import { createServer } from "node:http";
import { outlet } from "@outlet/express";
import express from "express";
import { benchOptions } from "../outlet-options.ts";
import { serve } from "../serve.ts";

serve(createServer(express().use("/v1", outlet(benchOptions))));
