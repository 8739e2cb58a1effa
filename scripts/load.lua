-- Makes a different request each time: wrk -s load.lua URL -- isochrones|reach|tiles|verdicts|places|paced FILE
-- FILE has a compound's key on every line.
local what
local compounds = {}

-- 64 clients that wait this many milliseconds before each request make slightly more than 1,000 requests per second.
local function pause()
  return math.random(0, 112)
end

function init(args)
  what = args[1]
  for key in io.lines(args[2]) do compounds[#compounds + 1] = key end
  math.randomseed(tonumber(args[3] or "7"))
  if what == "paced" then delay = pause end
end

local function path()
  if what == "tiles" then
    -- Zoom 14 over inner Harbin.
    return "/api/tiles/14/" .. math.random(13950, 13960) .. "/" .. math.random(5840, 5850)
  elseif what == "places" or what == "paced" then
    -- A place in inner Harbin that was not requested before.
    return string.format("/api/isochrones?at=%.6f,%.6f", 126.62 + 0.08 * math.random(), 45.73 + 0.05 * math.random())
  end
  return "/api/" .. what .. "?compound=" .. compounds[math.random(#compounds)]
end

function request()
  return wrk.format("GET", path())
end
