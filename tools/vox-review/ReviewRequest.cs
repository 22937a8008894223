namespace VoxMake.ReviewTool;

/// <summary>What a person asked for.</summary>
/// <param name="Table">The view whose files are the clips' sound.</param>
/// <param name="With">Further views of the same ids.</param>
/// <param name="Edits">A folder of edits, or the file in it that is written.</param>
/// <param name="Sort">The column that says how sure somebody was; null: the first that is known.</param>
/// <param name="Host">The address to listen on.</param>
/// <param name="Port">0: any that is free.</param>
/// <param name="AllowedHosts">Further names by which the page may be called.</param>
internal sealed record ReviewRequest(string Table, IReadOnlyList<string> With, string Edits, string? Sort = null, string Host = "127.0.0.1", int Port = 0, IReadOnlyList<string>? AllowedHosts = null)
{
    /// <summary>The file that is written: a folder's is review.csv.</summary>
    public string EditsFile => System.IO.Path.GetExtension(Edits).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? Edits : System.IO.Path.Combine(Edits, "review.csv");
}
