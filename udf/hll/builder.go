package hll

// A Builder is a [State] that owns its memory: the way to make a sketch in Go. Its zero value is not
// one; see [NewBuilder].
type Builder struct {
	precision Precision
	state     State
}

// NewBuilder returns a Builder of an empty sketch.
func NewBuilder(p Precision) *Builder {
	b := &Builder{precision: p}
	b.run(func() (Step, error) { return b.state.begin(p) })
	return b
}

// Add puts an id, of its bytes as they are, into the sketch.
func (b *Builder) Add(id []byte) {
	step, _ := b.state.Add(b.precision, id, Long) // one precision, so no error
	for step.Status == Room {
		b.grow(step.Need)
		step, _ = b.state.Add(b.precision, id, Long)
	}
}

// Merge unites an encoded sketch with the one being made. After an error the Builder is of no more use.
func (b *Builder) Merge(sketch []byte) error {
	at := 0
	return b.run(func() (Step, error) {
		step, err := b.state.Merge(sketch, at, Long)
		at = step.At
		return step, err
	})
}

// run repeats a step until it is done.
func (b *Builder) run(next func() (Step, error)) error {
	for {
		step, err := next()
		if err != nil || step.Status == Done {
			return err
		}
		if step.Status == Room {
			b.grow(step.Need)
		}
	}
}

func (b *Builder) grow(need int) {
	grown := make(State, need)
	copy(grown, b.state)
	b.state = grown
}

// Append appends the encoded sketch to dst.
func (b *Builder) Append(dst []byte) []byte { return b.state.Append(dst) }
