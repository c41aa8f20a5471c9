using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace GitOpsSecrets.Api.Yaml;

/// <summary>
/// The tokens of a YAML text, for a <see cref="Parser"/>. Where that looks ahead twice, as behind a value with an anchor in a map in braces (<c>{a: &amp;x 1, b: 2}</c>), it is shown the same
/// token: YamlDotNet's own scanner goes on to the next one, so that the comma between two entries is lost and the parser refuses the map (18.1.0).
/// </summary>
/// <param name="text">The text.</param>
public sealed class YamlTokens(string text) : IScanner
{
    private readonly Scanner _tokens = new(new StringReader(text));

    /// <inheritdoc/>
    public Mark CurrentPosition => _tokens.CurrentPosition;

    /// <inheritdoc/>
    public Token? Current => _tokens.Current;

    /// <inheritdoc/>
    public bool MoveNext() => _tokens.MoveNext();

    /// <inheritdoc/>
    public bool MoveNextWithoutConsuming() => _tokens.Current is not (null or StreamEnd) || _tokens.MoveNextWithoutConsuming();

    /// <inheritdoc/>
    public void ConsumeCurrent() => _tokens.ConsumeCurrent();
}
