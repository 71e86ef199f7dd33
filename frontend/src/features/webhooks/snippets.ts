export const SNIPPETS = ['node', 'python', 'curl'] as const
export type SnippetLanguage = (typeof SNIPPETS)[number]

type Verification = Record<string, unknown>

/** Code for the site's server that sends one post as the form wants it. The secret stays in its environment. */
export function snippet(language: SnippetLanguage, url: string, verification: Verification): string {
  const isSigned = verification.by !== 'token'
  const member = String(verification.member ?? '')
  if (isSigned) return SIGNED[language].replaceAll('URL', url)
  const header = String(verification.header ?? 'x-form-token')
  return (member ? IN_BODY : IN_HEADER)[language]
    .replaceAll('URL', url)
    .replaceAll('HEADER', header)
    .replaceAll('MEMBER', member)
}

const SIGNED: Record<SnippetLanguage, string> = {
  node: `import { createHmac, randomUUID } from 'node:crypto'

export async function sendToChengdan(fields) {
  const body = JSON.stringify(fields)
  const id = 'msg_' + randomUUID()
  const timestamp = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(process.env.CHENGDAN_FORM_SECRET.slice('whsec_'.length), 'base64')
  const signature = 'v1,' + createHmac('sha256', key).update(\`\${id}.\${timestamp}.\${body}\`).digest('base64')
  // On a failure send it again with the same id: it is kept once.
  return fetch('URL', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
    body,
  })
}`,
  python: `import base64, hashlib, hmac, json, os, time, urllib.request, uuid

def send_to_chengdan(fields):
    body = json.dumps(fields).encode()
    message_id, timestamp = f"msg_{uuid.uuid4()}", str(int(time.time()))
    key = base64.b64decode(os.environ["CHENGDAN_FORM_SECRET"].removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
    # On a failure send it again with the same id: it is kept once.
    return urllib.request.urlopen(urllib.request.Request("URL", body, headers))`,
  curl: `BODY='{"company":"...","phone":"..."}'
ID="msg_$(uuidgen)"; TS=$(date +%s)
KEY=$(printf %s "\${CHENGDAN_FORM_SECRET#whsec_}" | base64 -d | xxd -p -c 256)
SIG=$(printf %s "$ID.$TS.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)
curl -X POST 'URL' -H 'content-type: application/json' \\
  -H "webhook-id: $ID" -H "webhook-timestamp: $TS" -H "webhook-signature: v1,$SIG" -d "$BODY"`,
}

const IN_HEADER: Record<SnippetLanguage, string> = {
  node: `export const sendToChengdan = (fields) =>
  fetch('URL', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'HEADER': process.env.CHENGDAN_FORM_TOKEN },
    body: JSON.stringify(fields),
  })`,
  python: `import json, os, urllib.request

def send_to_chengdan(fields):
    headers = {"content-type": "application/json", "HEADER": os.environ["CHENGDAN_FORM_TOKEN"]}
    return urllib.request.urlopen(urllib.request.Request("URL", json.dumps(fields).encode(), headers))`,
  curl: `curl -X POST 'URL' -H 'content-type: application/json' \\
  -H "HEADER: $CHENGDAN_FORM_TOKEN" -d '{"company":"...","phone":"..."}'`,
}

const IN_BODY: Record<SnippetLanguage, string> = {
  node: `export const sendToChengdan = (fields) =>
  fetch('URL', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...fields, 'MEMBER': process.env.CHENGDAN_FORM_TOKEN }),
  })`,
  python: `import json, os, urllib.request

def send_to_chengdan(fields):
    body = json.dumps({**fields, "MEMBER": os.environ["CHENGDAN_FORM_TOKEN"]}).encode()
    return urllib.request.urlopen(urllib.request.Request("URL", body, {"content-type": "application/json"}))`,
  curl: `curl -X POST 'URL' -H 'content-type: application/json' \\
  -d "{\\"company\\":\\"...\\",\\"phone\\":\\"...\\",\\"MEMBER\\":\\"$CHENGDAN_FORM_TOKEN\\"}"`,
}
