// Defects of what is installed: what listens, which secrets there are, how processes are confined, what an update may be.
import type { Defect } from "../planting/defect.ts";

const UNITS = "tests/deploy/units.test.ts";

export const DEFECTS: readonly Defect[] = [
  {
    defect: "the broker listens on every address",
    file: "controller/runtime/broker/doors.ts",
    was: 'export const LOOPBACK = "127.0.0.1";',
    is: 'export const LOOPBACK = "0.0.0.0";',
    row: "R1",
    proof: "tests/deploy/processes.test.ts",
  },
  {
    defect: "every site has the same secret",
    file: "controller/runtime/secrets/secret-file.ts",
    was: 'randomBytes(SECRET_BYTES).toString("base64url");',
    is: 'Buffer.alloc(SECRET_BYTES, 7).toString("base64url");',
    row: "R2",
    proof: "tests/deploy/first-starts.test.ts",
  },
  {
    defect: "a connection believes any certificate",
    file: "controller/runtime/alerts/post.ts",
    was: "const signal = AbortSignal.timeout(DEADLINE_MS);",
    is: 'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";\n  const signal = AbortSignal.timeout(DEADLINE_MS);',
    row: "R5",
    proof: "tests/laws/certificates.test.ts",
  },
  {
    defect: "flows run as the user of control",
    file: "deploy/units/gridwright-flows.service",
    was: "User=gridwright-flows",
    is: "User=gridwright",
    row: "R8",
    proof: UNITS,
  },
  {
    defect: "what an update holds is not proved by its hash",
    file: "controller/runtime/update/bundle.ts",
    was: 'if (this.#hash.digest("hex") !== sha256)',
    is: 'if (this.#hash.digest("hex") === sha256 && path === "")',
    row: "R11",
    proof: "controller/runtime/update/bundle.test.ts",
  },
  {
    defect: "the signature of an update is not looked at",
    file: "controller/runtime/update/manifest.ts",
    was: "if (!verify(null, Buffer.concat([CONTEXT, manifest]), key, signature))",
    is: "if (!verify(null, Buffer.concat([CONTEXT, manifest]), key, signature) && manifest.length === 0)",
    row: "R11",
    proof: "controller/runtime/update/bundle.test.ts",
  },
  {
    defect: "npm runs what packages bring along",
    file: ".npmrc",
    was: "ignore-scripts=true",
    is: "ignore-scripts=false",
    row: "R12",
    proof: "tests/deploy/dependencies.test.ts",
  },
  {
    defect: "control may call anything of the kernel",
    file: "deploy/units/gridwright-control.service",
    was: "SystemCallFilter=@system-service\nSystemCallFilter=~@privileged @resources\n",
    is: "",
    row: "R13",
    proof: UNITS,
  },
  {
    defect: "nobody is told by when a reported flaw is answered",
    file: "SECURITY.md",
    was: "- within 7 days: an answer that says whether we can reproduce it\n",
    is: "",
    row: "R15",
    proof: "tests/laws/security-page.test.ts",
  },
  {
    defect: "a process that ended is back after half a minute",
    file: "deploy/units/gridwright-control.service",
    was: "RestartSec=200ms",
    is: "RestartSec=30s",
    row: "R18",
    proof: UNITS,
  },
];
