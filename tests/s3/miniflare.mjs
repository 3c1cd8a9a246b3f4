// Cloudflare's own simulator of R2, with its S3 API: node miniflare.mjs PORT BUCKET. Says "ready" and serves until it is killed.
import { Miniflare } from "miniflare";

const [port, bucket] = process.argv.slice(2);
const server = new Miniflare({
  host: "127.0.0.1",
  port: Number(port),
  modules: true,
  script: "export default { fetch() { return new Response(null, { status: 404 }); } }",
  r2Buckets: { BUCKET: { id: bucket, s3Credentials: { accessKeyId: "tests", secretAccessKey: "tests-secret" } } },
});
await server.ready;
console.log("ready");
