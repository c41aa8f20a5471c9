using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>
/// Runs all ways through the program side by side, one rune at a time (Thompson, Pike): time is at most
/// program × text, whatever the pattern. Threads are kept in order of preference, so the first to match is Perl's match.
/// Works on bytes: what is not UTF-8 reads as U+FFFD, one byte wide.
/// </summary>
internal sealed class RegexMachine(ExecutionBudget budget, IReadOnlyList<RegexInstruction> code)
{
    private readonly int waitingInstructions = code.Count(instruction => instruction.Operation is RegexOperation.Rune or RegexOperation.Match);
    private readonly Stack<(int Pc, int[] Slots)> pending = new();
    private ThreadList current = new(code.Count);
    private ThreadList next = new(code.Count);
    private int slotCount;

    /// <summary>The slots of the leftmost match from a position on, start and end for each group, -1 for none; or null.</summary>
    /// <param name="slots">How many are wanted: each thread keeps its own. With none, any match will do.</param>
    public int[]? Find(ReadOnlySpan<byte> text, int start, int slots)
    {
        const int bytesAnArray = 24;
        slotCount = slots;
        budget.Reserve(2L * waitingInstructions * (bytesAnArray + (sizeof(int) * (long)slots)));
        int[]? match = null;
        current.Clear();
        for (var position = start; ;)
        {
            var (rune, width) = Runes.Decode(text[position..]);
            var before = Runes.DecodeLast(text[..position]);
            if (match is null)
            {
                Follow(current, 0, NoMatch(), position, before, (rune, width));
            }

            if (current.Count == 0)
            {
                if (match is not null || width == 0)
                {
                    return match;
                }
            }

            budget.Step(1 + (current.Visits / 4));
            match = Step(text, position, (rune, width)) ?? match;
            (current, next) = (next, current);
            if (width == 0 || (match is not null && slotCount == 0))
            {
                return match;
            }

            position += width;
        }
    }

    private int[] NoMatch()
    {
        var slots = new int[slotCount];
        Array.Fill(slots, -1);
        return slots;
    }

    private int[]? Step(ReadOnlySpan<byte> text, int position, (int Rune, int Width) here)
    {
        next.Clear();
        for (var i = 0; i < current.Count; i++)
        {
            var (pc, slots) = current[i];
            var instruction = code[pc];
            if (instruction.Operation == RegexOperation.Match)
            {
                // What comes after is less preferred.
                return slots;
            }

            if (here.Width > 0 && instruction.Matcher!.Matches(here.Rune))
            {
                var after = position + here.Width;
                Follow(next, pc + 1, slots, after, here, Runes.Decode(text[after..]));
            }
        }

        return null;
    }

    /// <summary>Adds a thread, following what consumes no rune.</summary>
    private void Follow(ThreadList list, int start, int[] from, int position, (int Rune, int Width) before, (int Rune, int Width) after)
    {
        pending.Push((start, from));
        while (pending.TryPop(out var thread))
        {
            var (pc, slots) = thread;
            if (!list.TryVisit(pc))
            {
                continue;
            }

            var instruction = code[pc];
            switch (instruction.Operation)
            {
                case RegexOperation.Jump:
                    pending.Push((instruction.First, slots));
                    break;
                case RegexOperation.Split:
                    pending.Push((instruction.Second, slots));
                    pending.Push((instruction.First, slots));
                    break;
                case RegexOperation.Save when instruction.First >= slotCount:
                    pending.Push((pc + 1, slots));
                    break;
                case RegexOperation.Save:
                    budget.Step(slotCount / 64);
                    var saved = (int[])slots.Clone();
                    saved[instruction.First] = position;
                    pending.Push((pc + 1, saved));
                    break;
                case RegexOperation.Assert when Holds(instruction.Assertion, before, after):
                    pending.Push((pc + 1, slots));
                    break;
                case RegexOperation.Rune or RegexOperation.Match:
                    list.Add(pc, slots);
                    break;
            }
        }
    }

    private static bool Holds(RegexAssertion assertion, (int Rune, int Width) before, (int Rune, int Width) after) => assertion switch
    {
        RegexAssertion.BeginText => before.Width == 0,
        RegexAssertion.EndText => after.Width == 0,
        RegexAssertion.BeginLine => before.Width == 0 || before.Rune == '\n',
        RegexAssertion.EndLine => after.Width == 0 || after.Rune == '\n',
        RegexAssertion.WordBoundary => IsWord(before) != IsWord(after),
        _ => IsWord(before) == IsWord(after),
    };

    private static bool IsWord((int Rune, int Width) rune) => rune.Width > 0 && rune.Rune < 0x80 && (char.IsAsciiLetterOrDigit((char)rune.Rune) || rune.Rune == '_');

    /// <summary>Threads in order of preference, each instruction visited once a position.</summary>
    private sealed class ThreadList(int size)
    {
        private readonly int[] visited = new int[size];
        private readonly List<(int Pc, int[] Slots)> threads = [];
        private int generation = 1;

        /// <summary>Instructions gone through for the threads, an upper bound of their number.</summary>
        public int Visits { get; private set; }

        public int Count => threads.Count;

        public (int Pc, int[] Slots) this[int index] => threads[index];

        public void Clear()
        {
            threads.Clear();
            Visits = 0;
            generation++;
        }

        public bool TryVisit(int pc)
        {
            var isNew = visited[pc] != generation;
            visited[pc] = generation;
            Visits++;
            return isNew;
        }

        public void Add(int pc, int[] slots) => threads.Add((pc, slots));
    }
}
