using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using VoxMake.ReviewTool.Sound;

namespace VoxMake.ReviewTool.Hosting;

/// <summary>Sends a sound, or the one range of it that a player asks for (RFC 9110, section 14): without ranges browsers cannot jump.</summary>
internal static class SoundAnswer
{
    public static async Task Send(HttpContext http, PlayableSound sound)
    {
        var response = http.Response;
        var (from, to) = (0L, sound.Length - 1);
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = sound.Type;
        if (RangeHeaderValue.TryParse(http.Request.Headers.Range.ToString(), out var asked) && asked.Unit == "bytes" && asked.Ranges.Count == 1)
        {
            var range = asked.Ranges.First();
            (from, to) = range.From is { } start ? (start, Math.Min(range.To ?? to, to)) : (Math.Max(0, sound.Length - (range.To ?? 0)), to);
            if (from > to)
            {
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{sound.Length}");
                throw new CallException(416, "the sound has no such range");
            }
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{sound.Length}");
        }
        response.ContentLength = to - from + 1;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        if (sound.Path is { } path) await response.SendFileAsync(path, from, to - from + 1, http.RequestAborted);
        else await response.Body.WriteAsync(sound.Made.AsMemory((int)from, (int)(to - from + 1)), http.RequestAborted);
    }
}
