-- Places that nobody asked for before, in inner Harbin: wrk -s places.lua URL -- PATH_WITH_LON_AND_LAT SEED
local template

function init(args)
  template = args[1]
  math.randomseed(tonumber(args[2]))
end

function request()
  local lon = string.format("%.6f", 126.62 + 0.08 * math.random())
  local lat = string.format("%.6f", 45.73 + 0.05 * math.random())
  local path = template:gsub("LON", lon):gsub("LAT", lat)
  return wrk.format("GET", path)
end
