namespace GitOpsSecrets.Providers.Json;

/// <summary>
/// A JSON path in the dialect of github.com/PaesslerAG/jsonpath, in which users of webhooks write <c>result.jsonPath</c>: <c>$</c>, names,
/// positions (negative from the end), lists and ranges of them, <c>*</c>, <c>..</c>, and filters that compare with <c>==</c> and <c>!=</c>.
/// Members come in the order of the document; the original left their order to chance.
/// </summary>
internal sealed class JsonPath
{
    /// <summary>As many values as a path may look at: <c>..</c> twice over a large document would look at its square.</summary>
    public const int MaxVisits = 1_000_000;

    public const int MaxLength = 4096;

    private const string Withheld = "its text is withheld, as a value of a Secret has gone into it";

    private readonly IReadOnlyList<JsonPathStep> steps;

    internal JsonPath(IReadOnlyList<JsonPathStep> steps) => this.steps = steps;

    /// <summary>Whether it may find any number of values, so that what it finds is a list.</summary>
    public bool FindsMany => steps.Any(step => step.FindsMany);

    /// <summary>Whether messages leave out what it says.</summary>
    public bool IsSecret { get; private init; }

    /// <param name="isSecret">Whether a value of a Secret has gone into the text.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it is no path, or one with a part that is not supported.</exception>
    public static JsonPath Parse(string text, bool isSecret = false)
    {
        if (text.Length > MaxLength) throw new ProviderException(ProviderFailureKind.Invalid, $"the JSON path is longer than {MaxLength} characters");
        try
        {
            var read = new JsonPathParser(text).ParseWhole();
            return isSecret ? new JsonPath(read.steps) { IsSecret = true } : read;
        }
        catch (ProviderException failure) when (isSecret)
        {
            throw new ProviderException(failure.Kind, $"the JSON path is none ({Withheld})");
        }
    }

    /// <returns>What the path leads to: exactly one value, unless it <see cref="FindsMany"/>.</returns>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: a name or position on the way is not there, or the path asks for too much.</exception>
    public IReadOnlyList<JsonPiece> Find(JsonPiece document) =>
        Find(document, new JsonPathRun(document), out var missing)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, IsSecret ? $"the answer has nothing where the JSON path leads ({Withheld})" : $"the answer has nothing at {missing} of the JSON path");

    /// <returns>Null when something on the way is not there; <paramref name="missing"/> says what.</returns>
    internal IReadOnlyList<JsonPiece>? Find(JsonPiece start, JsonPathRun run, out JsonPathStep? missing)
    {
        List<JsonPiece> found = [start];
        var many = false;
        missing = null;
        foreach (var step in steps)
        {
            many |= step.FindsMany;
            var next = new List<JsonPiece>();
            foreach (var value in found)
            {
                run.Visit();
                step.Select(value, run, next);
            }

            // Past a part that finds many, what has no such member is passed over; before it, its absence is a mistake in the path.
            if (!many && next.Count == 0)
            {
                missing = step;
                return null;
            }

            found = next;
        }

        return found;
    }
}
