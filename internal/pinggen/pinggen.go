// SPDX-License-Identifier: Apache-2.0

// Package pinggen makes pings of realistic size and shape: test data for views and benchmarks. The same options give the same bytes.
//
// Clients have a life over time: most are there when the days begin, others appear later, some are lost; an active client sends a ping
// or a few on some of the days, and moves to newer versions as they come out.
package pinggen

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// Options say what is made.
type Options struct {
	Seed    uint64
	Clients int
	Start   time.Time // the first day of submission
	Days    int
	Size    int     // bytes of a ping, about
	Bad     float64 // the part of all pings that is broken
}

// DefaultSize is that of a main ping of the release channel.
const DefaultSize = 185_000

// A client is what stays with a client.
type client struct {
	id                 string
	first, last        int // days, from the first
	activity           float64
	channel, os        string
	osVersion, country string
	locale             string
	e10s               bool
	upgradeLag         int
	counter            int
	memory, cores      int
}

// Write writes a ping a line: day by day, in each day client by client. It returns how many were written.
func Write(out io.Writer, o Options) (pings int64, err error) {
	if o.Clients < 1 || o.Days < 1 || o.Size < 0 || o.Bad < 0 || o.Bad > 1 {
		return 0, errors.New("pinggen: at least one client and one day, and a part of bad pings between 0 and 1")
	}
	w := bufio.NewWriterSize(out, 1<<20)
	random := rand.New(rand.NewPCG(o.Seed, 1))
	clients := make([]client, o.Clients)
	for i := range clients {
		clients[i] = newClient(random, o.Days)
	}
	body := newBody(rand.New(rand.NewPCG(o.Seed, 2)), o.Size)
	var line []byte
	for day := range o.Days {
		for i := range clients {
			c := &clients[i]
			if !c.active(random, day) {
				continue
			}
			for range 1 + random.IntN(2)*random.IntN(2) {
				line = c.ping(line[:0], random, body, o.Start, day)
				if random.Float64() < o.Bad {
					line = spoil(random, line)
				}
				if _, err := w.Write(append(line, '\n')); err != nil {
					return pings, err
				}
				pings++
			}
		}
	}
	return pings, w.Flush()
}

// pick takes one of several values, each as often as its weight says.
func pick(random *rand.Rand, weighted ...any) string {
	total := 0
	for i := 1; i < len(weighted); i += 2 {
		total += weighted[i].(int)
	}
	n := random.IntN(total)
	for i := 1; ; i += 2 {
		if n -= weighted[i].(int); n < 0 {
			return weighted[i-1].(string)
		}
	}
}

func newClient(random *rand.Rand, days int) client {
	c := client{
		id: uuid(random), last: days, activity: 0.15 + 0.85*random.Float64(),
		channel: pick(random, "release", 80, "beta", 10, "nightly", 4, "aurora", 3, "esr", 2, "release-cck-vendor", 1),
		os:      pick(random, "Windows_NT", 88, "Darwin", 8, "Linux", 4),
		country: pick(random, "US", 20, "DE", 12, "FR", 7, "IN", 6, "BR", 6, "RU", 6, "CN", 5, "PL", 4, "??", 1),
		locale:  pick(random, "en-US", 40, "de", 12, "fr", 8, "pt-BR", 6, "ru", 6, "zh-CN", 5),
		e10s:    random.IntN(2) == 0, upgradeLag: random.IntN(12), counter: 1 + random.IntN(400),
		memory: 1024 << random.IntN(5), cores: 1 << random.IntN(4),
	}
	switch c.os {
	case "Windows_NT":
		c.osVersion = pick(random, "6.1", 50, "10.0", 35, "6.3", 10, "5.1", 5)
	case "Darwin":
		c.osVersion = pick(random, "15.6.0", 60, "16.1.0", 40)
	default:
		c.osVersion = pick(random, "4.4.0-47-generic", 50, "4.8.6-300.fc25.x86_64", 50)
	}
	if random.IntN(4) == 0 { // new
		c.first = random.IntN(days)
		c.counter = 1
	}
	if random.IntN(4) == 0 { // lost
		c.last = c.first + random.IntN(days-c.first+1)
	}
	return c
}

// active reports whether a client sends something on a day. At weekends fewer do.
func (c *client) active(random *rand.Rand, day int) bool {
	chance := c.activity
	if day%7 >= 5 {
		chance *= 0.7
	}
	return random.Float64() < chance && day >= c.first && day <= c.last
}

func uuid(random *rand.Rand) string {
	a, b := random.Uint64(), random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}

// A new version comes out every daysOfVersion.
const (
	firstVersion  = 49
	daysOfVersion = 21
)

// version returns a client's version on a day: some days after it comes out.
func (c *client) version(day int) string {
	return strconv.Itoa(firstVersion+max(0, day-c.upgradeLag)/daysOfVersion) + ".0"
}

// ping appends a ping of a client on a day.
func (c *client) ping(to []byte, random *rand.Rand, b *body, start time.Time, day int) []byte {
	submitted := start.AddDate(0, 0, day)
	session := submitted.AddDate(0, 0, -random.IntN(2)*random.IntN(2)) // one in four reports the day before
	c.counter++
	experiment := "{}"
	if random.IntN(50) == 0 {
		experiment = `{"id":"experiment-1","branch":"control"}`
	}
	id, version := uuid(random), c.version(day)
	to = fmt.Appendf(to, `{"type":"main","version":4,"id":"%s","clientId":"%s","creationDate":"%s","meta":{"submissionDate":"%s","sampleId":%d,"docType":"main",`+
		`"documentId":"%s","geoCountry":"%s","geoCity":"??","appUpdateChannel":"%s"},"application":{"name":"Firefox","channel":"%s","version":"%s",`+
		`"buildId":"2016%04d030204","architecture":"x86-64","vendor":"Mozilla"},`,
		id, c.id, session.Format("2006-01-02T15:04:05.000Z"), submitted.Format("20060102"), sampleID(c.id), id, c.country, c.channel, c.channel, version,
		901+day/daysOfVersion)
	to = fmt.Appendf(to, `"environment":{"system":{"memoryMB":%d,"cpu":{"count":%d,"cores":%d,"speedMHz":2800,"vendor":"GenuineIntel"},"os":{"name":"%s","version":"%s","locale":"%s"}},`+
		`"settings":{"e10sEnabled":%t,"e10sCohort":"%s","isDefaultBrowser":%t,"telemetryEnabled":true,"locale":"%s","defaultSearchEngine":"google"},`+
		`"profile":{"creationDate":%d},"addons":{"activeExperiment":%s,"activeAddons":{"e10srollout@mozilla.org":{"version":"1.5"},"x%d@example.com":{"version":"1"}}}},`,
		c.memory, 2*c.cores, c.cores, c.os, c.osVersion, c.locale, c.e10s, map[bool]string{true: "test", false: "control"}[c.e10s], random.IntN(3) > 0,
		c.locale, 16000+random.IntN(3), experiment, random.IntN(5))
	length := random.IntN(86_400)
	to = fmt.Appendf(to, `"payload":{"ver":4,"info":{"reason":"%s","sessionId":"%s","subsessionId":"%s","sessionStartDate":"%s","subsessionStartDate":"%s",`+
		`"sessionLength":%d,"subsessionLength":%d,"subsessionCounter":%d,"profileSubsessionCounter":%d,"timezoneOffset":60},`+
		`"simpleMeasurements":{"uptime":%d,"totalTime":%d,"firstPaint":%d,"activeTicks":%d},`,
		pick(random, "shutdown", 70, "daily", 20, "environment-change", 10), uuid(random), uuid(random), session.Format("2006-01-02T00:00:00.0+01:00"),
		session.Format("2006-01-02T00:00:00.0+01:00"), length, length, 1+random.IntN(5), c.counter, length/60, length, 800+random.IntN(4000), length/5)
	to = b.append(to, random)
	return append(to, "}}"...)
}

// spoil breaks a ping in one of the ways that were seen.
func spoil(random *rand.Rand, line []byte) []byte {
	switch random.IntN(4) {
	case 0: // cut short
		return line[:len(line)/2]
	case 1: // a control character in a text
		line[20] = 1
		return line
	case 2: // not JSON
		return append([]byte("<html>"), line[:min(len(line), 80)]...)
	default: // no object
		return []byte("[]")
	}
}
