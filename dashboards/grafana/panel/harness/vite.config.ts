// Builds the page of the panel's tests with the real libraries of Grafana, and the licences of all that is in it.
import { defineConfig } from "vite";

export default defineConfig({
  logLevel: "error",
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: "dist-harness",
    copyPublicDir: false,
    target: "es2022",
    license: { fileName: "licenses.md" },
    lib: { entry: "harness/harness.tsx", formats: ["iife"], name: "harness", fileName: () => "harness.js" },
  },
});
