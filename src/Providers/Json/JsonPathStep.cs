using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>One part of a <see cref="JsonPath"/>.</summary>
/// <param name="text">As it is written, for messages.</param>
internal abstract class JsonPathStep(string text)
{
    /// <summary>Whether it may lead to any number of values.</summary>
    public virtual bool FindsMany => true;

    /// <summary>Adds what is found in a value; nothing where it has none of it.</summary>
    public abstract void Select(JsonPiece value, JsonPathRun run, List<JsonPiece> found);

    public override string ToString() => text;

    private static void AddAt(JsonPiece array, long position, List<JsonPiece> found)
    {
        var elements = JsonParts.ElementsOf(array.Raw);
        if (position < 0) position += elements.Count;
        if (position >= 0 && position < elements.Count) found.Add(elements[(int)position]);
    }

    private static IEnumerable<JsonPiece> ChildrenOf(JsonPiece value) => value.Kind switch
    {
        JsonKind.Array => JsonParts.ElementsOf(value.Raw),
        JsonKind.Object => JsonParts.MembersOf(value.Raw).Select(member => member.Value),
        _ => [],
    };

    /// <summary>A name, or a position: in an object a number is a name, and in an array a text that is a number is a position.</summary>
    public sealed class Key(string text, string name) : JsonPathStep(text)
    {
        private readonly byte[] written = Encoding.UTF8.GetBytes(name);

        public override bool FindsMany => false;

        public override void Select(JsonPiece value, JsonPathRun run, List<JsonPiece> found)
        {
            if (value.Kind == JsonKind.Array && long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position)) AddAt(value, position, found);
            if (value.Kind != JsonKind.Object) return;
            // Of members with one name the last counts, as in Go.
            var member = JsonParts.MembersOf(value.Raw).LastOrDefault(member => member.IsNamed(written));
            if (member.Value.Exists) found.Add(member.Value);
        }
    }

    /// <summary>Several names or positions: <c>['a','b']</c>.</summary>
    public sealed class Several(string text, IReadOnlyList<Key> keys) : JsonPathStep(text)
    {
        public override void Select(JsonPiece value, JsonPathRun run, List<JsonPiece> found)
        {
            foreach (var key in keys) key.Select(value, run, found);
        }
    }

    /// <summary><c>*</c>: every member or element.</summary>
    public sealed class All(string text) : JsonPathStep(text)
    {
        public override void Select(JsonPiece value, JsonPathRun run, List<JsonPiece> found)
        {
            foreach (var child in ChildrenOf(value))
            {
                run.Visit();
                found.Add(child);
            }
        }
    }

    /// <summary><c>..</c>: the value and everything in it, from the outside in.</summary>
    public sealed class Deep(string text) : JsonPathStep(text)
    {
        public override void Select(JsonPiece value, JsonPathRun run, List<JsonPiece> found)
        {
            run.Visit();
            found.Add(value);
            foreach (var child in ChildrenOf(value)) Select(child, run, found);
        }
    }

    /// <summary><c>[from:until:step]</c> of an array; negative positions count from its end.</summary>
    public sealed class Range(string text, int from, int until, int step) : JsonPathStep(text)
    {
        public override void Select(JsonPiece value, JsonPathRun run, List<JsonPiece> found)
        {
            if (value.Kind != JsonKind.Array) return;
            var elements = JsonParts.ElementsOf(value.Raw);
            var (first, end) = (Within(from, elements.Count), Within(until, elements.Count));
            if (step > 0) for (long at = first; at < end; at += step) found.Add(elements[(int)at]);
            else for (long at = end - 1; at >= first; at += step) found.Add(elements[(int)at]);
        }

        private static int Within(int position, int count) => position < 0 ? Math.Max(0, count + position) : Math.Min(position, count);
    }

    /// <summary><c>[?(…)]</c>: the members or elements for which a comparison holds.</summary>
    public sealed class Filter(string text, JsonPathOperand left, JsonPathOperand? right, bool isEqual) : JsonPathStep(text)
    {
        public override void Select(JsonPiece value, JsonPathRun run, List<JsonPiece> found)
        {
            foreach (var child in ChildrenOf(value))
            {
                run.Visit();
                if (Holds(child, run)) found.Add(child);
            }
        }

        private bool Holds(JsonPiece child, JsonPathRun run)
        {
            var first = left.ValueAt(child, run);
            if (right is null) return first.Kind == JsonKind.True;
            var second = right.ValueAt(child, run);
            return first.Exists && second.Exists && JsonPathOperand.AreEqual(first, second) == isEqual;
        }
    }
}
