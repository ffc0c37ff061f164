-- A new record with each request, under a key that was never used.
local n = 0
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("me", threads) -- a global of that thread
end
local head = {
  ["Content-Type"] = "application/x-www-form-urlencoded",
  ["Origin"] = "@ORIGIN@",
}
local start = os.time()
function init(args)
  head["Cookie"] = wrk.headers["Cookie"]
end
function request()
  n = n + 1
  local body = "_csrf=@CSRF@&_key=" .. string.format("%08x%08x%08x%08x", start, me, n, 7) ..
    "&day=@DAY@&method=phone&met=met&partner=person&minutes=15" ..
    "&paragraph.0.source=person&paragraph.0.text=" .. "%E6%98%BC%E3%81%8B%E3%82%89%E6%9D%A5%E3%82%89%E3%82%8C%E3%81%9F%E3%80%82" ..
    "&paragraph.1.source=staff&paragraph.1.text=" .. "%E8%A1%A8%E6%83%85%E3%81%8C%E3%82%84%E3%82%8F%E3%82%89%E3%81%8B%E3%81%84%E3%80%82"
  return wrk.format("POST", nil, head, body)
end
